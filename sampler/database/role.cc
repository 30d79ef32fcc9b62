#include "database/role.h"

namespace tidegauge {

std::string RoleMessage() {
  return R"(BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;
SET LOCAL statement_timeout = 1000;
SET LOCAL lock_timeout = 500;
SET LOCAL idle_in_transaction_session_timeout = 5000;
SET LOCAL search_path = pg_catalog;
SELECT current_user, r.rolsuper, CASE WHEN NOT r.rolsuper THEN (
  SELECT c.oid::regclass::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'f')
    AND n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'
    AND (pg_has_role(c.relowner, 'USAGE')
         OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
         OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
  LIMIT 1) END
FROM pg_roles r WHERE r.rolname = current_user)";
}

void FillRole(const std::string& role, bool superuser, const std::string& table,
              SessionInfo& info) {
  info.role = role;
  info.role_writable = superuser || !table.empty();
  if (superuser) {
    info.writable_reason = "role " + role + " is a superuser";
  } else if (!table.empty()) {
    info.writable_reason = "role " + role + " may write to " + table;
  }
}

}  // namespace tidegauge
