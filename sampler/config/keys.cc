#include "config/keys.h"

#include <algorithm>

#include "config/config.h"
#include "gauge/duration.h"

namespace tidegauge {
namespace {

// The spelling that `parse` reads as `value`.
template <typename Value, typename Parse>
std::string Spelling(Value value, Parse parse, std::vector<std::string> spellings) {
  for (std::string& spelling : spellings) {
    if (parse(spelling) == value) return std::move(spelling);
  }
  return "";
}

std::vector<ConfigKey> MakeKeys() {
  const Config config;
  const DatabaseConfig database;
  const Limits& limits = config.limits;
  std::string paths;
  for (const std::string& path : config.query_paths) {
    if (!paths.empty()) paths += ", ";
    paths += path;
  }
  return {
      {"labels", ""},
      {"databases.<name>.url", database.url},
      {"databases.<name>.url_file", database.url_file},
      {"databases.<name>.password_file", database.password_file},
      {"databases.<name>.max_connections", std::to_string(database.max_connections)},
      {"databases.<name>.settings", ""},
      {"databases.<name>.params", ""},
      {"databases.<name>.row_security", database.apply_row_security ? "apply" : "refuse"},
      {"queries.paths", "[" + paths + "]"},
      {"params", ""},
      {"defaults.every", FormatDuration(config.every)},
      {"defaults.timeout", FormatDuration(config.timeout)},
      {"limits.series_per_query", std::to_string(limits.series_per_query)},
      {"limits.series", std::to_string(limits.series)},
      {"limits.rows", std::to_string(limits.rows)},
      {"limits.connections", std::to_string(limits.connections)},
      {"web.listen", config.listen},
      {"log.level", Spelling(config.log_level, ParseLogLevel, {"debug", "info", "warn", "error"})},
      {"log.format", Spelling(config.log_format, ParseLogFormat, {"json", "text"})},
  };
}

}  // namespace

const std::vector<ConfigKey>& ConfigKeys() {
  static const std::vector<ConfigKey> keys = MakeKeys();
  return keys;
}

std::vector<std::string_view> KeysUnder(std::string_view path) {
  std::vector<std::string_view> found;
  const std::string prefix = path.empty() ? "" : std::string(path) + ".";
  for (const ConfigKey& key : ConfigKeys()) {
    if (key.path.rfind(prefix, 0) != 0) continue;
    std::string_view rest = key.path;
    rest.remove_prefix(prefix.size());
    const std::string_view child = rest.substr(0, rest.find('.'));
    if (std::find(found.begin(), found.end(), child) == found.end()) found.push_back(child);
  }
  return found;
}

}  // namespace tidegauge
