-- gauge:
-- help: ""
-- every:
-- labels:
-- params:
-- panel:
-- alerts:
-- database:
-- owner: " "
SELECT count(*) AS value FROM items;
