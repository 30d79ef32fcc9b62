#include "database/test_server.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <pqxx/pqxx>
#include <stdexcept>

#include "gauge/statement.h"

namespace tidegauge {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    throw std::runtime_error(std::string(name) + " is unset: run by scripts/with-postgres");
  }
  return value;
}

std::string Admin(const std::string& sql, const std::string& database) {
  pqxx::connection connection(database.empty() ? "" : "dbname=" + database);
  pqxx::nontransaction work(connection);
  const pqxx::result result = work.exec(sql);
  if (result.empty() || result[0][0].is_null()) return "";
  return result[0][0].c_str();
}

Query FileQuery(const std::string& statement, int header_lines) {
  Query query;
  query.name = "test/query";
  query.file = "queries/test/query.sql";
  query.statement = statement;
  query.statement_line = header_lines + 1;
  return query;
}

void ServerTest::SetUp() {
  static std::atomic<int> count{0};
  const std::string unique = std::to_string(getpid()) + "_" + std::to_string(++count);
  database_name_ = "test_" + unique;
  reader_ = "reader_" + unique;
  Admin("CREATE DATABASE " + database_name_);
  Admin("CREATE ROLE " + reader_ + " LOGIN");
  heartbeats_ = std::make_unique<HeartbeatMonitor>();
  watchdog_ = std::make_unique<Watchdog>(*heartbeats_);
}

void ServerTest::TearDown() {
  database_.reset();
  watchdog_.reset();
  Admin("DROP DATABASE " + database_name_ + " WITH (FORCE)");
  Admin("DROP ROLE " + reader_);
}

std::string ServerTest::Url(const std::string& role, const std::string& more) const {
  return "dbname=" + database_name_ + (role.empty() ? "" : " user=" + role) + " " + more;
}

DatabaseConfig ServerTest::ReaderConfig() const {
  DatabaseConfig config;
  config.url = Url(reader_);
  return config;
}

std::unique_ptr<Database> ServerTest::Make(const DatabaseConfig& config) {
  return MakePostgres(config, "", *watchdog_);
}

std::unique_ptr<Session> ServerTest::Connect() {
  if (database_ == nullptr) database_ = Make(ReaderConfig());
  return database_->Connect(Soon());
}

std::unique_ptr<Session> ServerTest::Connect(const DatabaseConfig& config) {
  return Make(config)->Connect(Soon());
}

std::chrono::steady_clock::time_point Soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(60);
}

TransactionOptions Options(std::chrono::milliseconds timeout) {
  TransactionOptions options;
  options.query_name = "test/query";
  options.file = "queries/test/query.sql";
  options.statement_timeout = timeout;
  return options;
}

DatabaseError ErrorOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const DatabaseError& error) {
    return error;
  }
  ADD_FAILURE() << "no DatabaseError was thrown";
  return DatabaseError(Failure{}, false);
}

}  // namespace tidegauge
