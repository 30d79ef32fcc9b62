-- gauges:
--   workflow_active_workspaces_24h: { value: last_24h, help: Workspaces in which someone worked in the last 24 hours. }
--   workflow_active_workspaces_7d: { value: last_7d, help: Workspaces in which someone worked in the last 7 days. }
-- every: 5m
SELECT count(*) FILTER (WHERE last_active_at > now() - interval '24 hours') AS last_24h,
       count(*) AS last_7d
FROM workspaces
WHERE last_active_at > now() - interval '7 days';
