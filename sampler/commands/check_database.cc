#include "commands/check_database.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "config/files.h"
#include "database/postgres.h"
#include "database/watchdog.h"
#include "gauge/reading.h"
#include "gauge/statement.h"
#include "gauge/utf8.h"
#include "runtime/heartbeat.h"

namespace tidegauge {
namespace {

// What a column is to its query: "label", "value of a, b".
std::string RoleOf(const Query& query, const Projection& projection, std::size_t value) {
  std::string gauges;
  for (std::size_t g = 0; g < query.gauges.size(); ++g) {
    if (projection.value_of_gauge[g] != value) continue;
    gauges += (gauges.empty() ? "" : ", ") + query.gauges[g].name;
  }
  return "value of " + gauges;
}

void Describe(const Query& query, const std::string& database, const Projection& projection,
              double cost, std::ostream& out) {
  std::vector<std::array<std::string, 3>> rows;
  for (const Column& label : projection.labels) {
    rows.push_back({label.name, label.type_name, "label"});
  }
  for (std::size_t i = 0; i < projection.values.size(); ++i) {
    const Column& value = projection.values[i];
    rows.push_back({value.name, value.type_name, RoleOf(query, projection, i)});
  }
  std::size_t name_width = 0;
  std::size_t type_width = 0;
  for (const auto& row : rows) {
    name_width = std::max(name_width, row[0].size());
    type_width = std::max(type_width, row[1].size());
  }
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.2f", cost);
  out << query.file << " on " << database << ": estimated cost " << text.data() << '\n';
  for (auto& row : rows) {
    row[0].resize(name_width, ' ');
    row[1].resize(type_width, ' ');
    out << "  " << row[0] << "  " << row[1] << "  " << row[2] << '\n';
  }
}

// "12:" at the front of `text`: taken off and returned, or 0.
int TakeNumber(std::string_view& text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop == end || *stop != ':' || number < 1) return 0;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return number;
}

// The line of the file with the fault's place in it. Postgres counts columns in characters.
void PointAt(Fault& fault) {
  std::vector<Fault> ignored;  // the file was read a moment ago
  const std::optional<std::string> text = ReadTextFile(fault.file, ignored);
  if (!text) return;
  fault.source = SourceLine(*text, fault.line);
  std::size_t at = 0;
  for (int column = 1; column < fault.column && at < fault.source.size(); ++column) {
    at += std::max<std::size_t>(1, Utf8Length(fault.source, at));
  }
  if (fault.column > 0) fault.column = static_cast<int>(at) + 1;
}

class Checker {
 public:
  Checker(const Config& config, std::ostream& out) : config_(config), out_(out) {
    for (const DatabaseConfig& database : config.databases) {
      asked_.push_back({MakePostgres(database, config.directory, watchdog_)});
    }
  }

  // `query` on config.databases[database].
  void Check(const Query& query, std::size_t database) {
    Asked& asked = asked_[database];
    if (asked.lost) return;
    try {
      if (asked.session == nullptr) Connect(asked);
      DescribeOn(asked, query, ParamsFor(query, config_, database));
    } catch (const DatabaseError& error) {
      if (asked.session == nullptr || error.failure().reason == Reason::kConnect) {
        asked.lost = true;
        found_.unreachable.push_back(error.failure().message);
      } else {
        AddFault(query, asked, error.failure());
      }
      if (error.session_lost()) asked.session.reset();
    }
  }

  DatabaseCheck Take() {
    std::stable_sort(found_.faults.begin(), found_.faults.end(),
                     [](const Fault& a, const Fault& b) { return a.file < b.file; });
    return std::move(found_);
  }

 private:
  struct Asked {
    std::unique_ptr<Database> database;
    std::unique_ptr<Session> session = nullptr;
    bool lost = false;    // could not be reached: asked no more
    bool warned = false;  // of its role
  };

  void Connect(Asked& asked) {
    asked.session = asked.database->Connect(std::chrono::steady_clock::now() + kConnectPatience);
    if (!asked.session->info().role_writable || std::exchange(asked.warned, true)) return;
    Fault fault;
    fault.severity = Severity::kWarning;
    fault.file = config_.file.empty() ? "config" : config_.file;
    fault.message = "database '" + asked.database->name() +
                    "': " + asked.session->info().writable_reason +
                    "; sample as a role that may only read";
    found_.faults.push_back(std::move(fault));
  }

  void DescribeOn(Asked& asked, const Query& query, std::map<std::string, std::string> params) {
    Session& session = *asked.session;
    const TransactionOptions options{.query_name = query.name,
                                     .file = query.file,
                                     .statement_timeout = query.timeout,
                                     .params = std::move(params)};
    session.Begin(options, std::chrono::steady_clock::now() + query.timeout + kConnectPatience);
    try {
      const auto projection = Project(query, session.Describe(DescribeStatement(query)));
      if (const auto* failure = std::get_if<Failure>(&projection)) {
        AddFault(query, asked, *failure);
      } else {
        const Projection& made = std::get<Projection>(projection);
        const double cost = session.EstimateCost(FetchStatement(query, made, config_.limits.rows));
        Describe(query, asked.database->name(), made, cost, out_);
      }
    } catch (const DatabaseError& error) {
      if (!error.session_lost()) session.Rollback();
      throw;
    }
    session.Rollback();
  }

  void AddFault(const Query& query, const Asked& asked, const Failure& failure) {
    Fault fault = FaultOfMessage(query.file, failure.message);
    PointAt(fault);
    // The same fault on each of several databases is told for each: it may have other causes.
    if (config_.databases.size() > 1) {
      fault.message += " (database " + asked.database->name() + ")";
    }
    found_.faults.push_back(std::move(fault));
  }

  const Config& config_;
  std::ostream& out_;
  HeartbeatMonitor heartbeats_;
  Watchdog watchdog_{heartbeats_};
  std::vector<Asked> asked_;  // one per config.databases
  DatabaseCheck found_;
};

}  // namespace

Fault FaultOfMessage(const std::string& file, const std::string& message) {
  Fault fault;
  fault.file = file;
  std::string_view rest = message;
  if (rest.starts_with(file + ":")) {
    rest.remove_prefix(file.size() + 1);
    fault.line = TakeNumber(rest);
    if (fault.line > 0) fault.column = TakeNumber(rest);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
  }
  fault.message = rest;
  return fault;
}

DatabaseCheck CheckDatabases(const Config& config, const Queries& queries, std::ostream& out) {
  Checker checker(config, out);
  for (const auto& query : queries) {
    if (!query->enabled) continue;
    for (const std::size_t database : DatabasesOf(*query, config)) {
      checker.Check(*query, database);
    }
  }
  return checker.Take();
}

}  // namespace tidegauge
