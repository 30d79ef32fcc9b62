-- gauges:
--   workflow_waiting_blob_uploads: { value: waiting, help: Blob uploads that no worker has taken up yet. }
--   workflow_oldest_waiting_blob_upload_timestamp_seconds: { value: oldest, help: When the blob upload that waits longest was created. }
SELECT count(*) AS waiting, extract(epoch FROM min(created_at)) AS oldest
FROM blob_uploads
WHERE state = 'pending';
