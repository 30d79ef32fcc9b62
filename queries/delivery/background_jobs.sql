-- gauges:
--   workflow_background_jobs_created_1h: { value: last_1h, help: Background jobs created in the last hour by the state they are in. }
--   workflow_background_jobs_created_24h: { value: last_24h, help: Background jobs created in the last 24 hours by the state they are in. }
-- labels:
--   state: [queued, running, succeeded, failed]
SELECT state,
       count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM background_jobs
WHERE created_at > now() - interval '24 hours'
GROUP BY state;
