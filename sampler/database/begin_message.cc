#include "database/begin_message.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "database/postgres.h"
#include "gauge/statement.h"
#include "gauge/utf8.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMaxApplicationName = 63;  // NAMEDATALEN - 1

std::string ApplicationName(const std::string& query_name) {
  const std::string name = "tidegauge/" + query_name;
  std::size_t end = 0;
  while (end < name.size()) {
    const std::size_t next = end + std::max<std::size_t>(1, Utf8Length(name, end));
    if (next > kMaxApplicationName) break;
    end = next;
  }
  return name.substr(0, end);
}

// Unlike SET LOCAL, set_config takes a list ("app, public") as postgresql.conf does.
std::string SetConfig(std::string_view name, std::string_view value) {
  return "SELECT pg_catalog.set_config(" + QuoteLiteral(name) + ", " + QuoteLiteral(value) +
         ", true);";
}

std::string SetLocal(std::string_view name, const std::string& value) {
  return "SET LOCAL " + std::string(name) + " = " + value + ";";
}

std::string SetLocal(std::string_view name, std::chrono::milliseconds value) {
  return SetLocal(name, std::to_string(value.count()));
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::chrono::milliseconds LockTimeout(std::chrono::milliseconds statement_timeout) {
  using std::chrono::milliseconds;
  return std::clamp(statement_timeout / 2, milliseconds(1), milliseconds(1000));
}

std::string BeginMessage(const DatabaseConfig& config, const TransactionOptions& options,
                         bool connection_check) {
  std::string sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;";
  sql += SetLocal("max_parallel_workers_per_gather", std::string("0"));
  const bool own_time_zone = std::any_of(
      config.settings.begin(), config.settings.end(),
      [](const auto& setting) { return EqualsIgnoringCase(setting.first, "timezone"); });
  if (!own_time_zone) sql += SetLocal("timezone", std::string("'UTC'"));
  for (const auto& [name, value] : config.settings) sql += SetConfig(name, value);
  for (const auto& [name, value] : options.params) {
    sql += SetLocal("tidegauge." + QuoteIdentifier(name), QuoteLiteral(value));
  }
  // After the user's settings, which cannot take these back.
  sql += SetLocal("statement_timeout", options.statement_timeout);
  sql += SetLocal("lock_timeout", LockTimeout(options.statement_timeout));
  sql += SetLocal("idle_in_transaction_session_timeout",
                  options.statement_timeout + std::chrono::milliseconds(kCutOffGrace));
  sql += SetLocal("row_security", std::string(config.apply_row_security ? "on" : "off"));
  if (connection_check) sql += SetLocal("client_connection_check_interval", std::string("500"));
  sql += SetLocal("application_name", QuoteLiteral(ApplicationName(options.query_name)));
  return sql;
}

}  // namespace tidegauge
