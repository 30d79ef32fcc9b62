-- gauge: items
-- help: Items.
-- runbook: docs/runbook.md
-- link: "https:///items"
SELECT count(*) AS value FROM items;
