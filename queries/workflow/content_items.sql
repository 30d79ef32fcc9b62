-- gauge: workflow_content_items
-- help: Content items by workflow status.
-- labels:
--   status: [draft, in_review, approved, scheduled, published, archived]
SELECT status, count(*) AS value
FROM content_items
GROUP BY status;
