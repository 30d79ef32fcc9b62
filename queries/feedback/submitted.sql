-- gauges:
--   workflow_feedback_reports_submitted_1h: { value: reports_1h, help: Feedback reports submitted in the last hour. }
--   workflow_feedback_reports_submitted_24h: { value: reports_24h, help: Feedback reports submitted in the last 24 hours. }
--   workflow_feedback_bug_reports_submitted_1h: { value: bugs_1h, help: Feedback reports of bugs submitted in the last hour. }
--   workflow_feedback_bug_reports_submitted_24h: { value: bugs_24h, help: Feedback reports of bugs submitted in the last 24 hours. }
SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS reports_1h,
       count(*) AS reports_24h,
       count(*) FILTER (WHERE kind = 'bug' AND created_at > now() - interval '1 hour') AS bugs_1h,
       count(*) FILTER (WHERE kind = 'bug') AS bugs_24h
FROM feedback_reports
WHERE created_at > now() - interval '24 hours';
