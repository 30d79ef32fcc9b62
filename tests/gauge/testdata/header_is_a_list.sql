-- - gauge: items
SELECT count(*) AS value FROM items;
