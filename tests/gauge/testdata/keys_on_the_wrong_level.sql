-- help: Items.
-- value: n
-- link: https://app.example/items
-- gauges:
--   items: { help: Items., every: 1m, vlaue: n }
--   users: { help: Users, deleted ones too., value: n }
SELECT count(*) AS value FROM items;
