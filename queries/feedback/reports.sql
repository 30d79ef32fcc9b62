-- gauge: workflow_feedback_reports
-- help: Feedback reports by status.
-- labels:
--   status: [new, triaged, in_progress, resolved, declined]
SELECT status, count(*) AS value
FROM feedback_reports
GROUP BY status;
