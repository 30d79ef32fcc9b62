-- gauge: items
-- help: Items.
-- params: { staleAfter: 1, a: [1], b: , c: "", _d: x }
SELECT count(*) AS value FROM items;
