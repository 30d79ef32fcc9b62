// Database on a real Postgres, by libpqxx.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "config/config.h"
#include "database/database.h"
#include "database/watchdog.h"

namespace tidegauge {

// `directory` is what url_file and password_file are relative to. The watchdog must outlive the
// database and its sessions. Does not connect yet.
std::unique_ptr<Database> MakePostgres(const DatabaseConfig& config, const std::string& directory,
                                       Watchdog& watchdog);

// How long connecting may take: connect_timeout, and some for DNS.
inline constexpr std::chrono::seconds kConnectPatience{7};

// Our cut-off comes this long after a statement's own timeout.
inline constexpr std::chrono::seconds kCutOffGrace{2};

}  // namespace tidegauge
