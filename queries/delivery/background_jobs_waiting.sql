-- gauges:
--   workflow_waiting_background_jobs: { value: waiting, help: Background jobs that no worker has taken up yet. }
--   workflow_oldest_waiting_background_job_timestamp_seconds: { value: oldest, help: When the background job that waits longest was created. }
SELECT count(*) AS waiting, extract(epoch FROM min(created_at)) AS oldest
FROM background_jobs
WHERE state = 'queued';
