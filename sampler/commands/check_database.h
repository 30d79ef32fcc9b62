// What `tidegauge check --database` does: each statement is described, none is run.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "gauge/fault.h"

namespace tidegauge {

struct DatabaseCheck {
  std::vector<Fault> faults = {};             // of gauge files and of roles that may write
  std::vector<std::string> unreachable = {};  // one message a database that could not be asked
};

// Describes every enabled query on each of its databases in a read-only transaction and writes its
// columns, their types and the estimated cost to `out`.
DatabaseCheck CheckDatabases(const Config& config, const Queries& queries, std::ostream& out);

// The fault of a message that begins with "file:line:column: ", as the database rooms write it.
Fault FaultOfMessage(const std::string& file, const std::string& message);

}  // namespace tidegauge
