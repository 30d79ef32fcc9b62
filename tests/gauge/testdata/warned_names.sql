-- gauges:
--   users_total: { help: Users., value: a }
--   wait_ms: { help: Wait, value: b }
--   age_days: { help: Age., value: c }
--   last_seen_timestamp: { help: Last seen., value: d }
SELECT count(*) AS value FROM items;
