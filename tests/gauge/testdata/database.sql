-- gauge: items
-- help: Items.
-- database: [app, all, app, [x], ~]
SELECT count(*) AS value FROM items;
