-- gauges: [items, users]
SELECT count(*) AS value FROM items;
