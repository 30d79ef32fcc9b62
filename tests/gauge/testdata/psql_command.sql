-- gauge: items
-- help: Items.
SELECT 1 AS value \gexec
