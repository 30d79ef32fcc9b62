-- gauge: items
-- help: Größe.
SELECT 1 AS välue;
SELECT 2;
