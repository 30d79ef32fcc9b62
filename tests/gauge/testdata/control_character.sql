-- gauge: items
-- help: Items.
-- owner: [31mred
SELECT count(*) AS value FROM items;
