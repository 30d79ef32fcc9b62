-- gauge: items
-- help: Items.
-- labels: { status: [a, b]
-- every: 1m
SELECT count(*) AS value FROM items;
