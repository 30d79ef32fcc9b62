SELECT count(*) AS value FROM items;
