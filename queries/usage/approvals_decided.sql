-- gauges:
--   workflow_approvals_decided_1h: { value: last_1h, help: Approval decisions taken in the last hour. }
--   workflow_approvals_decided_24h: { value: last_24h, help: Approval decisions taken in the last 24 hours. }
SELECT count(*) FILTER (WHERE decided_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM approvals
WHERE decided_at > now() - interval '24 hours';
