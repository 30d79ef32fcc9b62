-- gauges:
--   workflow_logins_attempted_1h: { value: attempted_1h, help: Logins attempted in the last hour. }
--   workflow_logins_attempted_24h: { value: attempted_24h, help: Logins attempted in the last 24 hours. }
--   workflow_logins_succeeded_1h: { value: succeeded_1h, help: Logins that succeeded in the last hour. }
--   workflow_logins_succeeded_24h: { value: succeeded_24h, help: Logins that succeeded in the last 24 hours. }
--   workflow_logins_failed_1h: { value: failed_1h, help: Logins that failed in the last hour. }
--   workflow_logins_failed_24h: { value: failed_24h, help: Logins that failed in the last 24 hours. }
SELECT count(*) FILTER (WHERE attempted_at > now() - interval '1 hour') AS attempted_1h,
       count(*) AS attempted_24h,
       count(*) FILTER (WHERE succeeded AND attempted_at > now() - interval '1 hour') AS succeeded_1h,
       count(*) FILTER (WHERE succeeded) AS succeeded_24h,
       count(*) FILTER (WHERE NOT succeeded AND attempted_at > now() - interval '1 hour') AS failed_1h,
       count(*) FILTER (WHERE NOT succeeded) AS failed_24h
FROM login_attempts
WHERE attempted_at > now() - interval '24 hours';
