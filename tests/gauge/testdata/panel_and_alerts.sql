-- gauge: items
-- help: Items.
-- panel: no
-- alerts: [a]
SELECT count(*) AS value FROM items;
