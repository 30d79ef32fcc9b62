-- gauge: items
-- help: Items.
-- evry: 1m
-- null: zero
-- Note: counted by hand
SELECT count(*) AS value FROM items;
