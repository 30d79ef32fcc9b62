-- gauge: items
-- help: Items.
-- Counts items.
SELECT count(*) AS value FROM items;
