-- gauges:
--   workflow_core_actions_1h: { value: last_1h, help: "Content items created, comments written and approvals decided in the last hour." }
--   workflow_core_actions_24h: { value: last_24h, help: "Content items created, comments written and approvals decided in the last 24 hours." }
SELECT count(*) FILTER (WHERE at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM (
  SELECT created_at AS at FROM content_items
  UNION ALL
  SELECT created_at FROM comments
  UNION ALL
  SELECT decided_at FROM approvals WHERE decided_at IS NOT NULL
) AS actions
WHERE at > now() - interval '24 hours';
