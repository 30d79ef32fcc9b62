-- gauge: items
-- help: Items.
-- timeout: 9ms
SELECT count(*) AS value FROM items;
