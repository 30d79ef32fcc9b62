-- gauge: items
-- help: Items.
-- panel: { a: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]] }
SELECT count(*) AS value FROM items;
