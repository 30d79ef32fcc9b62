// The throw-away Postgres of scripts/with-postgres, as the tests of this room use it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "config/config.h"
#include "database/database.h"
#include "database/postgres.h"
#include "database/watchdog.h"
#include "support/eventually.h"

namespace tidegauge {

// Runs statements as superuser on a connection of its own; the first value of the last, or "".
std::string Admin(const std::string& sql, const std::string& database = "");

std::string Environment(const char* name);

// A Query as a file with `header_lines` lines of header would give it.
Query FileQuery(const std::string& statement, int header_lines = 3);

// Each test case has a database and a read-only role of its own, both dropped at its end.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // `role` may be empty: the superuser.
  std::string Url(const std::string& role, const std::string& more = "") const;
  DatabaseConfig ReaderConfig() const;

  std::unique_ptr<Database> Make(const DatabaseConfig& config);
  std::unique_ptr<Session> Connect();
  std::unique_ptr<Session> Connect(const DatabaseConfig& config);

  void Run(const std::string& sql) { Admin(sql, database_name_); }

  std::string database_name_;
  std::string reader_;
  std::unique_ptr<HeartbeatMonitor> heartbeats_;
  std::unique_ptr<Watchdog> watchdog_;
  std::unique_ptr<Database> database_;  // of Connect()
};

// A deadline for what is to succeed.
std::chrono::steady_clock::time_point Soon();

TransactionOptions Options(std::chrono::milliseconds timeout = std::chrono::seconds(20));

// The DatabaseError that `call` throws; a failed test and an empty one where it throws none.
DatabaseError ErrorOf(const std::function<void()>& call);

}  // namespace tidegauge
