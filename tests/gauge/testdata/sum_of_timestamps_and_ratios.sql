-- gauges:
--   oldest_timestamp_seconds: { help: Oldest., value: a, combine: sum, missing: zero, nulls: zero }
--   hit_ratio: { help: Hits., value: b, combine: sum }
--   age_seconds: { help: Age., value: c, combine: sum, missing: zero, nulls: zero }
SELECT count(*) AS value FROM items;
