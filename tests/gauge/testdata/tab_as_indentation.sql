-- gauge: items
-- help: Items.
-- labels:
--	status: [a]
SELECT count(*) AS value FROM items;
