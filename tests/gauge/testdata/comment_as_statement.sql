-- gauge: items
-- help: Items.

/* SELECT 1 */
