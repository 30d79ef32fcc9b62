// What is asked once at connect: who we are and whether we may write.
#pragma once

#include <string>

#include "database/database.h"

namespace tidegauge {

// One message that begins a transaction with a short timeout of its own and asks; a ROLLBACK must
// follow. Cheap with thousands of tables: it stops at the first one that the role may write to.
std::string RoleMessage();

// From the one row it gives: role, "t" where a superuser, a table it may write to or "".
void FillRole(const std::string& role, bool superuser, const std::string& table, SessionInfo& info);

}  // namespace tidegauge
