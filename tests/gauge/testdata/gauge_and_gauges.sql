-- gauge: items
-- gauges:
--   users: { help: Users. }
SELECT count(*) AS value FROM items;
