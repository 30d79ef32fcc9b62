-- The application's own look-ups.
CREATE INDEX workspaces_organization ON workspaces (organization_id);
CREATE INDEX workspace_members_user ON workspace_members (user_id);
CREATE INDEX workspace_invites_workspace ON workspace_invites (workspace_id);
CREATE INDEX content_items_workspace ON content_items (workspace_id, updated_at);
CREATE INDEX content_items_author ON content_items (author_id);
CREATE INDEX comments_content_item ON comments (content_item_id, created_at);
CREATE UNIQUE INDEX approvals_one_pending ON approvals (content_item_id) WHERE state = 'pending';
CREATE INDEX approvals_content_item ON approvals (content_item_id);
CREATE INDEX email_deliveries_user ON email_deliveries (user_id);
CREATE INDEX blob_uploads_content_item ON blob_uploads (content_item_id);

-- What is there now: the workflow, and the queues that workers take the oldest row from.
CREATE INDEX content_items_status ON content_items (status);
CREATE INDEX approvals_pending ON approvals (entered_at) WHERE state = 'pending';
CREATE INDEX feedback_reports_status ON feedback_reports (status);
CREATE INDEX workspace_invites_pending ON workspace_invites (expires_at)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX workspaces_last_active ON workspaces (last_active_at);
CREATE INDEX email_deliveries_waiting ON email_deliveries (created_at) WHERE state = 'queued';
CREATE INDEX background_jobs_waiting ON background_jobs (created_at) WHERE state = 'queued';
CREATE INDEX blob_uploads_waiting ON blob_uploads (created_at) WHERE state = 'pending';

-- What happened lately. A column that a report needs beside the time rides along.
CREATE INDEX organizations_created ON organizations (created_at);
CREATE INDEX workspaces_created ON workspaces (created_at);
CREATE INDEX workspace_invites_created ON workspace_invites (created_at);
CREATE INDEX login_attempts_attempted ON login_attempts (attempted_at) INCLUDE (succeeded);
CREATE INDEX content_items_created ON content_items (created_at);
CREATE INDEX approvals_decided ON approvals (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX comments_created ON comments (created_at);
CREATE INDEX feedback_reports_created ON feedback_reports (created_at) INCLUDE (kind);
CREATE INDEX email_deliveries_created ON email_deliveries (created_at) INCLUDE (state);
CREATE INDEX email_deliveries_failed ON email_deliveries (finished_at) WHERE state = 'failed';
CREATE INDEX background_jobs_created ON background_jobs (created_at) INCLUDE (state);
CREATE INDEX background_jobs_failed ON background_jobs (finished_at) WHERE state = 'failed';
CREATE INDEX blob_uploads_created ON blob_uploads (created_at) INCLUDE (state);
CREATE INDEX blob_uploads_failed ON blob_uploads (finished_at) WHERE state = 'failed';
