-- gauges:
--   workflow_invites_sent_1h: { value: last_1h, help: Workspace invites sent in the last hour. }
--   workflow_invites_sent_24h: { value: last_24h, help: Workspace invites sent in the last 24 hours. }
SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM workspace_invites
WHERE created_at > now() - interval '24 hours';
