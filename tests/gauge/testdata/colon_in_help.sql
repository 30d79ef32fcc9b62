-- gauge: items
-- help: Items: all of them.
SELECT count(*) AS value FROM items;
