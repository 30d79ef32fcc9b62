-- gauges:
--   workflow_pending_approvals: { value: pending, help: Content items that wait for approval. }
--   workflow_stale_approvals: { value: stale, help: Content items in approval for longer than stale_after. }
--   workflow_oldest_approval_timestamp_seconds: { value: oldest, help: When the item that waits longest entered approval. }
-- params: { stale_after: 48 hours }
SELECT count(*) AS pending,
       count(*) FILTER (WHERE entered_at < now() - current_setting('tidegauge.stale_after')::interval) AS stale,
       extract(epoch FROM min(entered_at)) AS oldest
FROM approvals
WHERE state = 'pending';
