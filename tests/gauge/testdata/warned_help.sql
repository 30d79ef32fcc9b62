-- gauge: users_total
-- help: Users
-- name_rules: off
SELECT count(*) AS value FROM items;
