-- gauges:
--   items: { value: items }
--   users: {}
--   orgs:
SELECT count(*) AS value FROM items;
