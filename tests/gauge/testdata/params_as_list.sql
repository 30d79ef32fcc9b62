-- gauge: items
-- help: Items.
-- params: [stale_after]
SELECT count(*) AS value FROM items;
