-- gauge: items
-- help: Items.
-- combine: avg
-- missing: "zero"
-- nulls: null
-- identifiers: drop
-- enabled: yes
-- name_rules: false
-- max_series: many
SELECT count(*) AS value FROM items;
