-- gauge: workflow_open_feedback_reports
-- help: Feedback reports that nobody has closed yet.
SELECT count(*) AS value
FROM feedback_reports
WHERE status IN ('new', 'triaged', 'in_progress');
