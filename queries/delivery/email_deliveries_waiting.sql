-- gauges:
--   workflow_waiting_email_deliveries: { value: waiting, help: E-mail deliveries that no worker has taken up yet. }
--   workflow_oldest_waiting_email_delivery_timestamp_seconds: { value: oldest, help: When the e-mail delivery that waits longest was created. }
SELECT count(*) AS waiting, extract(epoch FROM min(created_at)) AS oldest
FROM email_deliveries
WHERE state = 'queued';
