-- gauge: items
-- help: Items.
-- every: 60
-- timeout: 5 s
-- keep_for: [1m]
SELECT count(*) AS value FROM items;
