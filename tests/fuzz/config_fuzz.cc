// Any bytes as config.yaml: no crash, no hang, and what is promised of faults and configs holds.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "config/listen.h"
#include "config/load.h"
#include "config/names.h"
#include "gauge/utf8.h"

namespace tidegauge {
namespace {

constexpr std::string_view kSecret = "kuT9-secret-of-the-environment";

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void CheckFaults(std::string_view text, const std::vector<Fault>& faults) {
  const bool told = text.find(kSecret) != std::string_view::npos;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Fault& fault = faults[i];
    const std::string shown = FormatFault(fault);
    Require(IsUtf8(shown), "a fault is UTF-8");
    Require(!fault.message.empty(), "a fault says something");
    Require(told || shown.find(kSecret) == std::string::npos,
            "no value of the environment is told");
    Require(fault.line >= 0 && fault.column >= 0, "a fault has a place");
    Require(fault.source.empty() || fault.column <= static_cast<int>(fault.source.size()) + 1,
            "a fault's column is in its line");
    Require(i == 0 || faults[i - 1].line <= fault.line, "faults are in order");
  }
}

void CheckTexts(const std::map<std::string, std::string>& texts) {
  for (const auto& [name, text] : texts) {
    Require(!name.empty(), "a name is not empty");
    Require(IsUtf8(text) && text.find('\0') == std::string::npos, "text is text");
  }
}

void CheckConfig(const Config& config) {
  Require(!config.databases.empty(), "there is a database");
  Require(!config.query_paths.empty(), "there is a path");
  Require(IsListenAddress(config.listen), "the address is one");
  Require(config.every >= std::chrono::seconds(1), "every is 1s or more");
  Require(config.timeout >= std::chrono::milliseconds(10), "timeout is 10ms or more");
  Require(config.limits.rows >= 1 && config.limits.series >= 1 &&
              config.limits.series_per_query >= 1 && config.limits.connections >= 2,
          "limits let something through");
  CheckTexts(config.labels);
  CheckTexts(config.params);
  for (const auto& [name, value] : config.labels) {
    Require(LabelNameFault(name).empty() && !value.empty(), "a label is one");
  }
  for (const DatabaseConfig& database : config.databases) {
    Require(DatabaseNameFault(database.name).empty(), "a database has a name");
    Require(database.max_connections >= 2, "a database has two sessions");
    Require(database.url.empty() || database.url_file.empty(), "a database has one address");
    CheckTexts(database.settings);
    CheckTexts(database.params);
  }
}

}  // namespace
}  // namespace tidegauge

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidegauge;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "DATABASE_URL" || name == "SECRET") return std::string(kSecret);
    if (name == "N") return "5";
    if (name == "EMPTY") return "";
    return std::nullopt;
  };
  std::vector<Fault> faults;
  const std::optional<Config> config = ParseConfig("config.yaml", text, environment, faults);
  CheckFaults(text, faults);
  Require(config.has_value() != HasErrors(faults), "a config or an error");
  if (config) CheckConfig(*config);
  return 0;
}
