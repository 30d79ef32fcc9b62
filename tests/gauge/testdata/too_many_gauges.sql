-- max_series: 1
-- gauges:
--   items: { help: Items., value: a }
--   users: { help: Users., value: b }
SELECT count(*) AS value FROM items;
