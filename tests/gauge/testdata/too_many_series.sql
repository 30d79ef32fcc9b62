-- gauge: items
-- help: Items.
-- labels:
--   a: [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10]
--   b: [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, other]
SELECT count(*) AS value FROM items;
