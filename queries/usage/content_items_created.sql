-- gauges:
--   workflow_content_items_created_1h: { value: last_1h, help: Content items created in the last hour. }
--   workflow_content_items_created_24h: { value: last_24h, help: Content items created in the last 24 hours. }
SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM content_items
WHERE created_at > now() - interval '24 hours';
