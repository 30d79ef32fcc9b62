-- gauges:
--   workflow_comments_created_1h: { value: last_1h, help: Comments written in the last hour. }
--   workflow_comments_created_24h: { value: last_24h, help: Comments written in the last 24 hours. }
SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM comments
WHERE created_at > now() - interval '24 hours';
