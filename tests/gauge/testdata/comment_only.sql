-- Content items by status.
SELECT count(*) AS value FROM items;
