-- gauge: items
-- help: Items.
-- every: 1m
-- timeout: 30s
-- keep_for: 89s
SELECT count(*) AS value FROM items;
