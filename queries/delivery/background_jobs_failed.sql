-- gauges:
--   workflow_background_jobs_failed_1h: { value: last_1h, help: Background jobs that failed in the last hour. }
--   workflow_background_jobs_failed_24h: { value: last_24h, help: Background jobs that failed in the last 24 hours. }
SELECT count(*) FILTER (WHERE finished_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM background_jobs
WHERE state = 'failed' AND finished_at > now() - interval '24 hours';
