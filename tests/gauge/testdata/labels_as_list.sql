-- gauge: items
-- help: Items.
-- labels: [status]
SELECT count(*) AS value FROM items;
