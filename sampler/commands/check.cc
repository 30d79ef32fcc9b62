#include "commands/check.h"

#include <algorithm>
#include <iostream>

#include "commands/check_database.h"
#include "commands/exit_code.h"
#include "config/load.h"
#include "gauge/statement.h"
#include "runtime/log.h"

namespace tidegauge {
namespace {

// "1 query", "2 queries"
std::string Count(std::size_t number, const std::string& one, const std::string& many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::size_t CountOf(const std::vector<Fault>& faults, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(faults.begin(), faults.end(),
                    [&](const Fault& fault) { return fault.severity == severity; }));
}

std::string CountErrors(std::size_t number) { return Count(number, "error", "errors"); }
std::string CountWarnings(std::size_t number) { return Count(number, "warning", "warnings"); }

std::string FaultSummary(const std::vector<Fault>& faults) {
  const std::size_t errors = CountOf(faults, Severity::kError);
  const std::size_t warnings = CountOf(faults, Severity::kWarning);
  if (errors == 0) return CountWarnings(warnings);
  return CountErrors(errors) + (warnings == 0 ? "" : ", " + CountWarnings(warnings));
}

std::string QuerySummary(const Queries& queries) {
  std::size_t gauges = 0;
  for (const auto& query : queries) gauges += query->gauges.size();
  return Count(queries.size(), "query", "queries") + ", " + Count(gauges, "gauge", "gauges");
}

// A name without '_' may be a word of SQL (limit, end, user), which must be quoted here.
std::string SettingName(const std::string& param) {
  const bool plain = param.find('_') != std::string::npos && !param.starts_with("current_") &&
                     !param.ends_with("_user");
  return "tidegauge." + (plain ? param : QuoteIdentifier(param));
}

void PrintParams(const Queries& queries, const Config& config) {
  for (const auto& query : queries) {
    if (query->params.empty()) continue;
    std::cout << query->file << ": to run it in an SQL editor, first run\n";
    const std::vector<std::size_t> databases = DatabasesOf(*query, config);
    const auto params =
        databases.empty() ? query->params : ParamsFor(*query, config, databases.front());
    for (const auto& [name, value] : params) {
      std::cout << "  SET " << SettingName(name) << " = " << QuoteLiteral(value) << ";\n";
    }
  }
}

void Print(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) std::cerr << FormatFault(fault) << '\n';
}

int Refuse(const std::vector<Fault>& faults) {
  std::cerr << FaultSummary(faults) << '\n';
  return kExitInput;
}

}  // namespace

int RunCheck(const CheckOptions& options) {
  InitLog({LogLevel::kError, LogFormat::kText, {}});
  std::vector<Fault> faults;
  const auto config = LoadDraftConfig(options.config_file, ProcessEnvironment(), faults);
  if (!config) {
    Print(faults);
    std::cerr << "the gauge files were not checked: they need the config\n";
    return Refuse(faults);
  }
  const auto queries = options.files.empty() ? LoadQueries(*config, faults)
                                             : LoadQueryFiles(*config, options.files, faults);
  Print(faults);
  if (HasErrors(faults) || !queries) return Refuse(faults);

  PrintParams(*queries, *config);
  std::vector<std::string> unreachable;
  if (options.database) {
    DatabaseCheck found = CheckDatabases(*config, *queries, std::cout);
    std::cout << std::flush;
    Print(found.faults);
    faults.insert(faults.end(), found.faults.begin(), found.faults.end());
    unreachable = std::move(found.unreachable);
    for (const std::string& message : unreachable) {
      std::cerr << "tidegauge: error: " << message << '\n';
    }
  }
  if (!unreachable.empty()) {
    if (!faults.empty()) std::cerr << FaultSummary(faults) << '\n';
    return kExitDatabase;
  }
  if (HasErrors(faults)) return Refuse(faults);
  if (faults.empty()) {
    std::cout << QuerySummary(*queries) << ": no faults\n" << std::flush;
    return kExitFine;
  }
  if (options.strict) {
    std::cerr << FaultSummary(faults) << " (errors under --strict)\n";
    return kExitInput;
  }
  std::cout << QuerySummary(*queries) << ": no errors, " << FaultSummary(faults) << '\n'
            << std::flush;
  return kExitFine;
}

}  // namespace tidegauge
