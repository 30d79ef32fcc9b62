// Connecting, with a deadline. libpq's own PQconnectdb keeps none but connect_timeout for each
// address, and nothing can end it.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "database/conninfo.h"
#include "database/pqxx_compat.h"

namespace tidegauge {

// Tries hosts and addresses one after the other, `attempt_timeout` each, until the deadline or
// until `given_up` says so (asked every 100 ms). Blocks for longer only in the look-up of a host
// name. Errors are verbose on the connection from the start, notices are dropped: they may hold row
// data. Throws DatabaseError: kConnect, kCancelled where given up.
UniqueConnection OpenConnection(const std::string& database, ConnectOptions options,
                                std::chrono::steady_clock::time_point deadline,
                                const std::function<bool()>& given_up);

}  // namespace tidegauge
