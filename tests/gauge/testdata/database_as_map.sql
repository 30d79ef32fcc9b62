-- gauge: items
-- help: Items.
-- database: { name: app }
SELECT count(*) AS value FROM items;
