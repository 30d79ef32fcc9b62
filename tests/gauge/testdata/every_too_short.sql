-- gauge: items
-- help: Items.
-- every: 500ms
SELECT count(*) AS value FROM items;
