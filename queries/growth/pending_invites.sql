-- gauge: workflow_pending_invites
-- help: Workspace invites that are neither accepted nor revoked nor expired.
SELECT count(*) AS value
FROM workspace_invites
WHERE accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now();
