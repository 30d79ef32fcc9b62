-- gauges:
--   workflow_workspaces: { value: in_all, help: Workspaces. }
--   workflow_workspaces_created_1h: { value: last_1h, help: Workspaces created in the last hour. }
--   workflow_workspaces_created_24h: { value: last_24h, help: Workspaces created in the last 24 hours. }
-- every: 5m
SELECT count(*) AS in_all,
       count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS last_1h,
       count(*) FILTER (WHERE created_at > now() - interval '24 hours') AS last_24h
FROM workspaces;
