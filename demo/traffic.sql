-- What a second in the life of the application does. demo/traffic calls it once a second.
-- Each step that takes work up goes faster the more of it waits, so the backlogs stay as they are.
CREATE SCHEMA IF NOT EXISTS traffic;

CREATE OR REPLACE PROCEDURE traffic.second() LANGUAGE plpgsql AS $$
DECLARE
  workspace bigint;
  who bigint;
  item bigint;
  waiting bigint;
  picked text;
BEGIN
  SELECT id INTO workspace FROM workspaces
  WHERE id >= (SELECT 1 + floor(max(id) * power(random(), 3)) FROM workspaces) ORDER BY id LIMIT 1;
  SELECT user_id INTO who FROM workspace_members WHERE workspace_id = workspace ORDER BY random() LIMIT 1;

  -- Someone logs in, mostly.
  IF random() < 0.4 THEN
    INSERT INTO login_attempts (user_id, email, address, succeeded)
    SELECT id, email, '192.0.2.7', random() > 0.06 FROM users WHERE id = who;
  END IF;

  -- Authors write, comment and hand in.
  IF random() < 0.15 THEN
    INSERT INTO content_items (workspace_id, author_id, title, body)
    VALUES (workspace, who, 'A new item', 'Words that an author wrote.') RETURNING id INTO item;
    INSERT INTO background_jobs (kind) VALUES ('render_preview');
    UPDATE workspaces SET last_active_at = now() WHERE id = workspace;
  END IF;
  IF random() < 0.3 THEN
    INSERT INTO comments (content_item_id, author_id, body)
    SELECT id, who, 'A remark.' FROM content_items WHERE workspace_id = workspace
    ORDER BY updated_at DESC LIMIT 1;
    UPDATE workspaces SET last_active_at = now() WHERE id = workspace;
  END IF;
  IF random() < 0.2 THEN
    SELECT id INTO item FROM content_items WHERE status = 'draft' LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      UPDATE content_items SET status = 'in_review', updated_at = now() WHERE id = item;
      INSERT INTO approvals (content_item_id, requested_by) SELECT id, author_id FROM content_items WHERE id = item;
      INSERT INTO email_deliveries (user_id, template) VALUES (who, 'review_request');
    END IF;
  END IF;

  -- Reviewers decide; what nobody wants to touch stays, and only now and then one of those goes.
  SELECT count(*) INTO waiting FROM approvals WHERE state = 'pending';
  IF random() < 0.2 * waiting / 70 THEN
    picked := CASE WHEN random() < 0.8 THEN 'approved' ELSE 'changes_requested' END;
    UPDATE approvals SET state = picked, decided_at = now(), reviewer_id = who
    WHERE id = (SELECT id FROM approvals
                WHERE state = 'pending'
                ORDER BY (entered_at < now() - interval '40 hours') = (random() < 0.998), random() LIMIT 1)
    RETURNING content_item_id INTO item;
    UPDATE content_items SET status = CASE picked WHEN 'approved' THEN 'approved' ELSE 'draft' END, updated_at = now()
    WHERE id = item;
    INSERT INTO email_deliveries (user_id, template) VALUES (who, 'decision');
  END IF;

  -- Approved items are scheduled, published and, one day, archived.
  IF random() < 0.16 THEN
    UPDATE content_items SET status = 'scheduled', scheduled_for = now() + interval '1 hour', updated_at = now()
    WHERE id = (SELECT id FROM content_items WHERE status = 'approved' LIMIT 1 FOR UPDATE SKIP LOCKED);
  END IF;
  IF random() < 0.16 THEN
    UPDATE content_items SET status = 'published', published_at = now(), updated_at = now()
    WHERE id = (SELECT id FROM content_items WHERE status = 'scheduled' LIMIT 1 FOR UPDATE SKIP LOCKED);
    INSERT INTO background_jobs (kind) VALUES ('publish');
  END IF;
  IF random() < 0.05 THEN
    UPDATE content_items SET status = 'archived', updated_at = now()
    WHERE id = (SELECT id FROM content_items WHERE status = 'published' LIMIT 1 FOR UPDATE SKIP LOCKED);
  END IF;

  -- Invites and feedback come in and are answered.
  IF random() < 0.02 THEN
    INSERT INTO workspace_invites (workspace_id, invited_by, email, expires_at)
    VALUES (workspace, who, 'invited@example.com', now() + interval '7 days');
    INSERT INTO email_deliveries (template) VALUES ('invite');
  END IF;
  SELECT count(*) INTO waiting FROM workspace_invites
  WHERE accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now();
  IF random() < 0.02 * waiting / 25 THEN
    UPDATE workspace_invites SET accepted_at = now()
    WHERE id = (SELECT id FROM workspace_invites
                WHERE accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now() ORDER BY expires_at LIMIT 1);
  END IF;
  IF random() < 0.002 THEN
    INSERT INTO feedback_reports (workspace_id, user_id, kind, body)
    VALUES (workspace, who, (ARRAY['bug', 'idea', 'idea', 'question', 'praise'])[1 + floor(random() * 5)], 'What a user had to say');
  END IF;
  SELECT count(*) INTO waiting FROM feedback_reports WHERE status IN ('new', 'triaged', 'in_progress');
  IF random() < 0.002 * waiting / 10 THEN
    UPDATE feedback_reports SET status = 'resolved', closed_at = now()
    WHERE id = (SELECT id FROM feedback_reports WHERE status IN ('new', 'triaged', 'in_progress') ORDER BY created_at LIMIT 1);
  END IF;

  -- A customer now and then.
  IF random() < 0.001 THEN
    INSERT INTO organizations (name, slug) VALUES ('A new organization', 'new-' || gen_random_uuid()) RETURNING id INTO item;
    INSERT INTO workspaces (organization_id, name, last_active_at) VALUES (item, 'First workspace', now()) RETURNING id INTO workspace;
    INSERT INTO workspace_members (workspace_id, user_id, role) VALUES (workspace, who, 'admin');
  END IF;

  -- The workers: all that has waited for two seconds is done, nearly all of it well.
  IF random() < 0.1 THEN
    INSERT INTO blob_uploads (workspace_id, size_bytes) VALUES (workspace, 20000 + floor(random() * 4e6));
  END IF;
  UPDATE email_deliveries SET state = CASE WHEN random() < 0.002 THEN 'failed' ELSE 'delivered' END, finished_at = now()
  WHERE state IN ('queued', 'sending') AND created_at < now() - interval '2 seconds';
  UPDATE background_jobs SET state = CASE WHEN random() < 0.002 THEN 'failed' ELSE 'succeeded' END, finished_at = now(),
         attempts = 1
  WHERE state IN ('queued', 'running') AND created_at < now() - interval '2 seconds';
  UPDATE blob_uploads SET state = CASE WHEN random() < 0.002 THEN 'failed' ELSE 'stored' END, finished_at = now()
  WHERE state IN ('pending', 'uploading') AND created_at < now() - interval '2 seconds';
END
$$;
