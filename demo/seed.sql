-- Fills the demo with a year of an application's life, ten thousand content items among it. The
-- same rows each time: the random numbers have a fixed seed and every time is relative to now().
-- No row comes to the end of the last hour, day, two days or week within fifteen minutes of
-- loading, so all counts hold still for as long.
BEGIN;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT setseed(0.42);

-- The moment that many days ago, kept off the last quarter of an hour before each window's end.
CREATE FUNCTION pg_temp.ago(days double precision) RETURNS timestamptz LANGUAGE sql AS $$
  SELECT now() - make_interval(secs => coalesce(
    (SELECT edge + (seconds - edge + 900) / 100
     FROM unnest(ARRAY[3600, 86400, 172800, 604800]) AS edge
     WHERE seconds >= edge - 900 AND seconds < edge),
    seconds))
  FROM (SELECT greatest(days * 86400, 5) AS seconds) AS age
$$;

-- The k-th member of a workspace: each has six.
CREATE FUNCTION pg_temp.member(workspace bigint, k double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT (workspace * 7 + floor(k * 6)::bigint * 131) % 1500 + 1 $$;

INSERT INTO organizations (name, slug, plan, created_at)
SELECT 'Organization ' || i, 'organization-' || i,
       CASE WHEN a < 0.5 THEN 'free' WHEN a < 0.85 THEN 'team' ELSE 'business' END,
       CASE WHEN i = 120 THEN pg_temp.ago(0.02) WHEN i > 117 THEN pg_temp.ago(0.6 * b)
            ELSE pg_temp.ago(1 + 364 * b) END
FROM (SELECT i, random() AS a, random() AS b FROM generate_series(1, 120) AS i) AS raw;

INSERT INTO users (email, name, created_at)
SELECT 'user' || i || '@example.com', 'User ' || i, pg_temp.ago(365 * a)
FROM (SELECT i, random() AS a FROM generate_series(1, 1500) AS i) AS raw;

INSERT INTO workspaces (organization_id, name, created_at)
SELECT o.id, (ARRAY['Marketing', 'Newsroom', 'Documentation', 'Product', 'Brand', 'Support'])[1 + i % 6],
       greatest(o.created_at, pg_temp.ago(CASE WHEN i = 400 THEN 0.01 WHEN i > 394 THEN 0.8 * a ELSE 1 + 364 * a END))
FROM (SELECT i, random() AS a FROM generate_series(1, 400) AS i) AS raw
JOIN organizations AS o ON o.id = CASE WHEN i > 394 THEN i - 280 ELSE 1 + i % 110 END
ORDER BY i;

INSERT INTO workspace_members (workspace_id, user_id, role, created_at)
SELECT w.id, pg_temp.member(w.id, k / 6.0),
       CASE k WHEN 0 THEN 'admin' WHEN 1 THEN 'reviewer' ELSE 'author' END, w.created_at
FROM workspaces AS w, generate_series(0, 5) AS k;

-- Of 900 invites 24 are pending; the others were accepted, revoked or left to expire.
INSERT INTO workspace_invites (workspace_id, invited_by, email, created_at, expires_at, accepted_at, revoked_at)
SELECT workspace, pg_temp.member(workspace, 0), 'invited' || i || '@example.com',
       pg_temp.ago(age), pg_temp.ago(age) + interval '7 days',
       CASE WHEN i > 24 AND b < 0.8 THEN pg_temp.ago(age * 0.9) END,
       CASE WHEN i > 24 AND b >= 0.8 AND b < 0.9 THEN pg_temp.ago(age * 0.9) END
FROM (SELECT i, 1 + floor(400 * random())::bigint AS workspace, random() AS b,
             CASE WHEN i <= 24 THEN 6 * random() ELSE 8 + 357 * random() END AS age
      FROM generate_series(1, 900) AS i) AS raw;

INSERT INTO login_attempts (user_id, email, address, succeeded, attempted_at)
SELECT CASE WHEN b >= 0.02 THEN who END,
       CASE WHEN b >= 0.02 THEN 'user' || who ELSE 'nobody' || i END || '@example.com',
       ('192.0.2.' || i % 254 + 1)::inet, b >= 0.07, pg_temp.ago(30 * a)
FROM (SELECT i, random() AS a, random() AS b, 1 + floor(1500 * random())::bigint AS who
      FROM generate_series(1, 12000) AS i) AS raw;

-- Content: more of it lately, most of it in few workspaces.
CREATE TEMP TABLE item ON COMMIT DROP AS
SELECT i AS id, age, workspace, pg_temp.member(workspace, k) AS author, a,
       CASE WHEN age < 30 AND r < 0.03 THEN 'in_review'
            WHEN r < 0.13 OR (age < 2 AND r < 0.5) THEN 'draft'
            WHEN r < 0.17 THEN 'approved'
            WHEN age < 30 AND r < 0.25 THEN 'scheduled'
            WHEN age > 60 AND r > 0.75 THEN 'archived'
            ELSE 'published' END AS status
FROM (SELECT i, 0.0003 + 180 * power(random(), 1.3) AS age, 1 + floor(400 * power(random(), 4))::bigint AS workspace,
             random() AS k, random() AS r, random() AS a
      FROM generate_series(1, 10000) AS i) AS raw;

INSERT INTO content_items (workspace_id, author_id, title, body, status, created_at, updated_at, scheduled_for, published_at)
SELECT workspace, author,
       (ARRAY['Spring', 'Quarterly', 'Launch', 'Customer', 'Partner', 'Annual', 'Weekly'])[1 + id % 7] || ' ' ||
       (ARRAY['newsletter', 'pricing page', 'case study', 'release notes', 'interview'])[1 + id % 5] || ' ' || id,
       repeat('Words that an author wrote and a reviewer reads. ', 1 + id % 8), status,
       pg_temp.ago(age), pg_temp.ago(age * (0.3 + a * 0.2)),
       CASE WHEN status = 'scheduled' THEN now() + make_interval(hours => 1 + id % 300) END,
       CASE WHEN status IN ('published', 'archived') THEN pg_temp.ago(age * (0.5 + a * 0.1)) END
FROM item ORDER BY id;

-- One pending approval for each item in review, few of them old; the decisions behind the others,
-- some items sent back once before.
INSERT INTO approvals (content_item_id, requested_by, state, entered_at)
SELECT id, author, 'pending', pg_temp.ago(least(age * 0.95, 0.01 + 5.8 * power(a, 3.5)))
FROM item WHERE status = 'in_review';
INSERT INTO approvals (content_item_id, requested_by, reviewer_id, state, entered_at, decided_at)
SELECT id, author, pg_temp.member(workspace, 0.2), 'approved', pg_temp.ago(age * (0.7 + a * 0.1)), pg_temp.ago(age * (0.6 + a * 0.1))
FROM item WHERE status NOT IN ('draft', 'in_review');
INSERT INTO approvals (content_item_id, requested_by, reviewer_id, state, entered_at, decided_at)
SELECT id, author, pg_temp.member(workspace, 0.2), 'changes_requested', pg_temp.ago(age * 0.95), pg_temp.ago(age * (0.81 + a * 0.1))
FROM item WHERE status <> 'in_review' AND id % 5 = 0;

INSERT INTO comments (content_item_id, author_id, body, created_at)
SELECT item.id, pg_temp.member(workspace, k), 'A remark on paragraph ' || 1 + i % 9, pg_temp.ago(age * (0.3 + b * 0.7))
FROM (SELECT i, 1 + floor(10000 * random())::int AS id, random() AS k, random() AS b
      FROM generate_series(1, 25000) AS i) AS raw
JOIN item USING (id) ORDER BY i;

-- 14 reports are open.
INSERT INTO feedback_reports (workspace_id, user_id, kind, status, body, created_at, closed_at)
SELECT 1 + floor(400 * a)::bigint, 1 + floor(1500 * b)::bigint,
       CASE WHEN k < 0.4 THEN 'bug' WHEN k < 0.7 THEN 'idea' WHEN k < 0.9 THEN 'question' ELSE 'praise' END,
       CASE WHEN i <= 14 THEN (ARRAY['new', 'triaged', 'in_progress'])[1 + i % 3]
            WHEN b < 0.85 THEN 'resolved' ELSE 'declined' END,
       'What a user had to say, number ' || i, pg_temp.ago(age),
       CASE WHEN i > 14 THEN pg_temp.ago(age * 0.8) END
FROM (SELECT i, random() AS a, random() AS b, random() AS k,
             CASE WHEN i <= 14 THEN 12 * random() ELSE 180 * random() END AS age
      FROM generate_series(1, 600) AS i) AS raw;

-- Thirty days of work behind the scenes: little of it failed, a handful still waits.
INSERT INTO email_deliveries (user_id, template, state, created_at, finished_at)
SELECT 1 + floor(1500 * b)::bigint, (ARRAY['invite', 'review_request', 'decision', 'digest', 'password_reset'])[1 + i % 5],
       CASE WHEN i <= 4 THEN 'queued' WHEN i = 5 THEN 'sending' WHEN a < 0.008 THEN 'failed' ELSE 'delivered' END,
       CASE WHEN i <= 5 THEN now() - make_interval(secs => i * 8) ELSE pg_temp.ago(age) END,
       CASE WHEN i > 5 THEN pg_temp.ago(age * 0.9999) END
FROM (SELECT i, random() AS a, random() AS b, 30 * random() AS age FROM generate_series(1, 15000) AS i) AS raw;

INSERT INTO background_jobs (kind, state, attempts, created_at, finished_at)
SELECT (ARRAY['render_preview', 'publish', 'sync_search', 'send_digest', 'purge_trash'])[1 + i % 5],
       CASE WHEN i <= 5 THEN 'queued' WHEN i <= 7 THEN 'running' WHEN a < 0.005 THEN 'failed' ELSE 'succeeded' END,
       CASE WHEN i <= 5 THEN 0 WHEN i > 7 AND a < 0.005 THEN 5 ELSE 1 END,
       CASE WHEN i <= 7 THEN now() - make_interval(secs => i * 5) ELSE pg_temp.ago(age) END,
       CASE WHEN i > 7 THEN pg_temp.ago(age * 0.9999) END
FROM (SELECT i, random() AS a, 30 * random() AS age FROM generate_series(1, 12000) AS i) AS raw;

INSERT INTO blob_uploads (workspace_id, content_item_id, size_bytes, state, created_at, finished_at)
SELECT 1 + floor(400 * b)::bigint, 1 + floor(10000 * b)::bigint, 20000 + floor(4e6 * c * c)::bigint,
       CASE WHEN i <= 2 THEN 'pending' WHEN i = 3 THEN 'uploading' WHEN a < 0.006 THEN 'failed' ELSE 'stored' END,
       CASE WHEN i <= 3 THEN now() - make_interval(secs => i * 4) ELSE pg_temp.ago(age) END,
       CASE WHEN i > 3 THEN pg_temp.ago(age * 0.9999) END
FROM (SELECT i, random() AS a, random() AS b, random() AS c, 30 * random() AS age
      FROM generate_series(1, 6000) AS i) AS raw;

-- Someone was last at work in a workspace when its content, comments or decisions were made.
UPDATE workspaces AS w SET last_active_at = at
FROM (SELECT workspace_id, max(greatest(c.created_at, c.updated_at, d.at, a.at)) AS at
      FROM content_items AS c
      LEFT JOIN (SELECT content_item_id, max(created_at) AS at FROM comments GROUP BY 1) AS d ON d.content_item_id = c.id
      LEFT JOIN (SELECT content_item_id, max(greatest(entered_at, decided_at)) AS at FROM approvals GROUP BY 1) AS a
        ON a.content_item_id = c.id
      GROUP BY workspace_id) AS active
WHERE active.workspace_id = w.id;
COMMIT;

VACUUM (ANALYZE);
