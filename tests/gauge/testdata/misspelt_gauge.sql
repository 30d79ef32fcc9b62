-- guage: items
-- hlep: Items.
SELECT count(*) AS value FROM items;
