-- gauge: items
-- evry: 1m
-- labels: { job: [a, a], status: {mx: 3} }
-- missing: none
SELECT $1; SELECT 2;
