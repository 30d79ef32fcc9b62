-- gauge: items
-- help: Items.
-- every: 1m
-- labels: { status: [a], "status": [b] }
-- every: 2m
SELECT count(*) AS value FROM items;
