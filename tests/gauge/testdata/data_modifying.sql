-- gauge: items
-- help: Items.
WITH gone AS (
  DELETE FROM items RETURNING 1
)
SELECT count(*) AS value FROM gone;
