-- gauge: items
-- help: Items.
-- timeout: 61s
SELECT count(*) AS value FROM items;
