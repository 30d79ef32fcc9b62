-- gauge: items
-- help: Items.
SELECT 'it's' AS value;
