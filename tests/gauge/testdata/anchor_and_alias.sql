-- gauge: items
-- help: &h Items.
-- owner: *h
SELECT count(*) AS value FROM items;
