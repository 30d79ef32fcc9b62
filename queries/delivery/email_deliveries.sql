-- gauges:
--   workflow_email_deliveries_created_1h: { value: last_1h, help: E-mail deliveries created in the last hour by the state they are in. }
--   workflow_email_deliveries_created_24h: { value: last_24h, help: E-mail deliveries created in the last 24 hours by the state they are in. }
-- labels:
--   state: [queued, sending, delivered, failed]
SELECT state,
       count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM email_deliveries
WHERE created_at > now() - interval '24 hours'
GROUP BY state;
