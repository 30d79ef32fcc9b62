
-- gauge: items
-- help: Items.
-- evry: 1m
SELECT 1;
SELECT 2;
