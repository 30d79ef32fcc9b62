// One session with a Postgres: libpqxx, the watchdog's guard and what the server said of itself.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "config/config.h"
#include "database/database.h"
#include "database/explain.h"
#include "database/pqxx_compat.h"
#include "database/watchdog.h"

namespace tidegauge {

// What the sessions of one Database share with it; each keeps it alive. Thread-safe.
class SessionRegistry {
 public:
  // Cuts every session's socket, those of later ones as soon as they are added.
  void Shutdown();
  bool shut_down() const { return shut_down_; }

  void Add(Watchdog::Guard& guard);
  void Remove(Watchdog::Guard& guard);

 private:
  std::mutex mutex_;
  std::set<Watchdog::Guard*> guards_;  // guarded by mutex_
  std::atomic<bool> shut_down_{false};
};

class PostgresSession : public Session {
 public:
  // Takes an open connection and looks at the role, until the deadline. Throws DatabaseError.
  PostgresSession(std::shared_ptr<const DatabaseConfig> config,
                  std::shared_ptr<SessionRegistry> registry, Watchdog& watchdog,
                  UniqueConnection connection, std::chrono::steady_clock::time_point deadline);
  ~PostgresSession() override;

  void Begin(const TransactionOptions& options,
             std::chrono::steady_clock::time_point deadline) override;
  std::vector<Column> Describe(const std::string& sql) override;
  std::unique_ptr<Rows> Fetch(const std::string& sql) override;
  double EstimateCost(const std::string& sql) override;
  void Rollback() override;
  void Probe(std::chrono::steady_clock::time_point deadline) override;
  const SessionInfo& info() const override { return info_; }

 private:
  using Exec = pqxx::result (PqxxConnection::*)(const std::string&);

  // The one place where libpqxx is called and its exceptions end.
  pqxx::result Call(Exec exec, const std::string& sql);
  [[noreturn]] void Fail(const std::string& text, const std::string& sql);
  void LookAtRole(std::chrono::steady_clock::time_point deadline);
  void ThrowIfCut() const;

  // Constant after construction.
  const std::shared_ptr<const DatabaseConfig> config_;
  const std::shared_ptr<SessionRegistry> registry_;
  Watchdog::Guard guard_;
  SessionInfo info_;

  PqxxConnection connection_;
  bool connection_check_ = false;  // client_connection_check_interval is known here
  bool beginning_ = false;
  TransactionOptions transaction_;
  std::chrono::steady_clock::time_point sent_;
};

}  // namespace tidegauge
