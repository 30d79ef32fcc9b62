// The message that begins a transaction and says all that holds in it, so that nothing depends on
// the server's, the role's or a pooler's defaults and nothing outlives it.
#pragma once

#include <string>

#include "config/config.h"
#include "database/database.h"

namespace tidegauge {

// `connection_check`: whether the server knows client_connection_check_interval (14 and later, not
// on every platform). Pure.
std::string BeginMessage(const DatabaseConfig& config, const TransactionOptions& options,
                         bool connection_check);

// Half the timeout, 1 s at most, 1 ms at least.
std::chrono::milliseconds LockTimeout(std::chrono::milliseconds statement_timeout);

}  // namespace tidegauge
