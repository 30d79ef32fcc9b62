-- gauge: items
-- help: Items.

-- every: 1m
  -- A remark.
SELECT count(*) AS value FROM items;
-- owner: nobody looks here
