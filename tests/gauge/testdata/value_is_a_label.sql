-- gauge: items
-- help: Items.
-- value: status
-- labels: { status: [a] }
SELECT count(*) AS value FROM items;
