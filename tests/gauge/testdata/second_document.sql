-- gauge: items
-- help: Items.
-- ---
-- every: 1m
SELECT count(*) AS value FROM items;
