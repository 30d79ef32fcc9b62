  -- gauge: items
  -- help: Items.
SELECT count(*) AS value FROM items;
