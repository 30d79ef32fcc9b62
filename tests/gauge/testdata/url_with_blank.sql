-- gauge: items
-- help: Items.
-- runbook: "https://wiki.example/a b"
-- link: ftp://wiki.example
SELECT count(*) AS value FROM items;
