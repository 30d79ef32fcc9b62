// The port to a database: what sampling needs of Postgres, and nothing of libpqxx.
//
// A Database makes Sessions and may be used from any thread. A Session belongs to one thread at a
// time. Every failure is a DatabaseError; after one with `session_lost` the Session must be
// destroyed, never used again. Every call blocks at most until the deadline it was given and a
// little more: the watchdog shuts the socket down.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gauge/failure.h"
#include "gauge/query.h"
#include "gauge/reading.h"

namespace tidegauge {

// The one exception of the database rooms, with its reason. The message is fit to be shown: no
// secret, no row data.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(Failure failure, bool session_lost)
      : std::runtime_error(failure.message),
        failure_(std::move(failure)),
        session_lost_(session_lost) {}
  const Failure& failure() const { return failure_; }
  bool session_lost() const { return session_lost_; }

 private:
  Failure failure_;
  bool session_lost_;
};

// How one transaction is set up: BEGIN READ COMMITTED READ ONLY and SET LOCAL, as one message.
struct TransactionOptions {
  std::string query_name;  // application_name = tidegauge/<query>
  std::string file = {};   // gauge file as shown to users: errors of its statement begin with it
  std::chrono::milliseconds statement_timeout{5'000};
  std::map<std::string, std::string> params;  // tidegauge.<name>
};

// What was found at connect.
struct SessionInfo {
  int server_version = 0;       // e.g. 150018
  std::string role;             // current_user
  bool role_writable = false;   // superuser, or may write to some table
  std::string writable_reason;  // e.g. "role app is a superuser", empty where not writable
};

class Session {
 public:
  virtual ~Session() = default;
  // BEGIN … SET LOCAL …: one round trip. The deadline for this and all calls until Rollback is set
  // here; the watchdog enforces it.
  virtual void Begin(const TransactionOptions& options,
                     std::chrono::steady_clock::time_point deadline) = 0;
  // Columns of a statement made by DescribeStatement. One round trip, one more where a type is not
  // one of Postgres' own.
  virtual std::vector<Column> Describe(const std::string& sql) = 0;
  // A statement made by FetchStatement, by the extended protocol. One round trip.
  virtual std::unique_ptr<Rows> Fetch(const std::string& sql) = 0;
  // Total cost of the plan of a statement made by FetchStatement, by EXPLAIN; runs nothing.
  virtual double EstimateCost(const std::string& sql) = 0;
  // Ends the transaction and disarms the watchdog: one round trip, none where no transaction is
  // open. To be called after a failure too, unless the session is lost. A failed Begin has rolled
  // back already.
  virtual void Rollback() = 0;
  // One cheap round trip outside a transaction, to see that the server answers.
  virtual void Probe(std::chrono::steady_clock::time_point deadline) = 0;
  virtual const SessionInfo& info() const = 0;
};

class Database {
 public:
  virtual ~Database() = default;
  virtual const std::string& name() const = 0;
  // Connects and looks at the role. Fails with kConnect.
  virtual std::unique_ptr<Session> Connect(std::chrono::steady_clock::time_point deadline) = 0;
  // Cuts every session's socket, now and for good: running statements are given up. Thread-safe.
  virtual void Shutdown() = 0;
};

}  // namespace tidegauge
