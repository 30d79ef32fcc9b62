-- gauge: items
-- help: Items.
-- every: 100000000d
SELECT count(*) AS value FROM items;
