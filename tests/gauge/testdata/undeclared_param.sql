-- gauge: items
-- help: Items.
-- params: { stale_after: 48 hours }
SELECT count(*) AS value FROM items
WHERE age > current_setting('tidegauge.stale_aftr')::interval
  AND kind = current_setting('tidegauge.kind');
