-- gauge: items
-- help: Items.
SELECT id AS value
FROM größen FOR UPDATE;
