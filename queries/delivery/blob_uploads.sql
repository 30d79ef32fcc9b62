-- gauges:
--   workflow_blob_uploads_created_1h: { value: last_1h, help: Blob uploads created in the last hour by the state they are in. }
--   workflow_blob_uploads_created_24h: { value: last_24h, help: Blob uploads created in the last 24 hours by the state they are in. }
-- labels:
--   state: [pending, uploading, stored, failed]
SELECT state,
       count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS last_1h,
       count(*) AS last_24h
FROM blob_uploads
WHERE created_at > now() - interval '24 hours'
GROUP BY state;
