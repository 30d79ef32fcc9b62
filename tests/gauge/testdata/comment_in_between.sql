-- gauge: items
-- Counts items.
-- help: Items.
SELECT count(*) AS value FROM items;
