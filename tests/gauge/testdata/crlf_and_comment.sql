-- gauge: a
-- help: B.
-- every: {
--s
SELECT 1;
