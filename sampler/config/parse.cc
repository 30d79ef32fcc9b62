#include "config/parse.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "config/listen.h"
#include "config/mask.h"
#include "config/names.h"
#include "config/reader.h"
#include "gauge/yaml.h"

namespace tidegauge {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::size_t kMaxSessions = 1'000;
constexpr std::size_t kMaxSeriesPerQuery = 1'000'000;
constexpr std::size_t kMaxSeries = 10'000'000;
constexpr std::size_t kMaxRows = 10'000'000;
constexpr milliseconds kMinEvery = 1s;
constexpr milliseconds kMaxEvery = std::chrono::weeks(52);
constexpr milliseconds kMinTimeout = 10ms;
constexpr milliseconds kMaxTimeout = std::chrono::days(1);
constexpr std::size_t kMaxLabelBytes = 128;

std::string DirectoryOf(std::string_view file) {
  const std::size_t slash = file.rfind('/');
  if (slash == std::string_view::npos) return "";
  return std::string(file.substr(0, slash == 0 ? 1 : slash));
}

// Without `databases` there is the one that DATABASE_URL or libpq's own variables name.
DatabaseConfig EnvironmentDatabase(const Environment& environment) {
  DatabaseConfig database;
  database.url = environment("DATABASE_URL").value_or("");
  return database;
}

void ReadDatabase(ConfigReader& reader, const YamlNode& key, const YamlNode& node,
                  DatabaseConfig& database) {
  const std::string prefix = "databases." + key.scalar + ".";
  bool has_url = false;
  reader.ForEachKnown(node, "databases.<name>", [&](const YamlNode& name, const YamlNode& value) {
    const std::string what = prefix + name.scalar;
    if (name.scalar == "url") {
      if (!std::exchange(has_url, true)) reader.ReadText(value, what, database.url);
    } else if (name.scalar == "url_file") {
      reader.ReadText(value, what, database.url_file);
    } else if (name.scalar == "password_file") {
      reader.ReadText(value, what, database.password_file);
    } else if (name.scalar == "max_connections") {
      reader.ReadNumber(value, what, 2, kMaxSessions, database.max_connections);
    } else if (name.scalar == "settings") {
      reader.ReadTexts(value, what, SettingNameFault, database.settings);
    } else if (name.scalar == "params") {
      reader.ReadTexts(value, what, ParamNameFault, database.params);
    } else if (name.scalar == "row_security") {
      const std::optional<ConfigText> text = reader.Text(value, what);
      if (!text) return;
      if (text->text != "refuse" && text->text != "apply") {
        return reader.Expected(value, what, "refuse or apply", *text);
      }
      database.apply_row_security = text->text == "apply";
    }
  });
  if (node.kind != YamlNode::Kind::kMap) return;
  if (node.Find("url") != nullptr && node.Find("url_file") != nullptr) {
    reader.Error(key, "database " + Quoted(key.scalar) +
                          " has both 'url' and 'url_file': leave one of them out");
  }
}

void ReadDatabases(ConfigReader& reader, const YamlNode& node,
                   std::vector<DatabaseConfig>& databases) {
  reader.ForEach(node, "databases", [&](const YamlNode& key, const YamlNode& value) {
    const std::string fault = DatabaseNameFault(key.scalar);
    if (!fault.empty()) reader.Error(key, fault);
    DatabaseConfig database{.name = key.scalar};
    ReadDatabase(reader, key, value, database);
    databases.push_back(std::move(database));
  });
  const bool empty =
      node.kind == YamlNode::Kind::kMap ? node.entries.empty() : node.kind == YamlNode::Kind::kNull;
  if (empty) {
    reader.Error(node,
                 "databases: expected at least one, found none: name one, or leave the key "
                 "out to use DATABASE_URL or libpq's own variables (PGHOST, …)");
  }
}

void ReadLabels(ConfigReader& reader, const YamlNode& node,
                std::map<std::string, std::string>& labels) {
  reader.ReadTexts(node, "labels", LabelNameFault, labels);
  if (node.kind != YamlNode::Kind::kMap) return;
  for (const auto& [key, value] : node.entries) {
    const auto label = labels.find(key.scalar);
    if (key.kind != YamlNode::Kind::kScalar || label == labels.end()) continue;
    if (label->second.empty()) {
      reader.Error(value, "label " + Quoted(key.scalar) +
                              " is empty, which Prometheus takes for no label: give it a value, "
                              "or leave it out");
    } else if (label->second.size() > kMaxLabelBytes) {
      reader.Error(value, "label " + Quoted(key.scalar) + " is longer than " +
                              std::to_string(kMaxLabelBytes) + " bytes: shorten it");
    }
  }
}

void ReadPaths(ConfigReader& reader, const YamlNode& node, std::vector<std::string>& paths) {
  if (node.kind != YamlNode::Kind::kList || node.items.empty()) {
    reader.Error(node, "queries.paths: expected a list of folders, such as [queries]");
    return;
  }
  paths.clear();
  for (const YamlNode& item : node.items) {
    std::string path;
    reader.ReadText(item, "queries.paths", path);
    if (!path.empty()) paths.push_back(std::move(path));
  }
}

void ReadLimits(ConfigReader& reader, const YamlNode& node, Limits& limits) {
  reader.ForEachKnown(node, "limits", [&](const YamlNode& name, const YamlNode& value) {
    const std::string what = "limits." + name.scalar;
    if (name.scalar == "series_per_query") {
      reader.ReadNumber(value, what, 1, kMaxSeriesPerQuery, limits.series_per_query);
    } else if (name.scalar == "series") {
      reader.ReadNumber(value, what, 1, kMaxSeries, limits.series);
    } else if (name.scalar == "rows") {
      reader.ReadNumber(value, what, 1, kMaxRows, limits.rows);
    } else if (name.scalar == "connections") {
      // One of two sessions is for slow queries: with a single one they would hold up the rest.
      reader.ReadNumber(value, what, 2, kMaxSessions, limits.connections);
    }
  });
}

void ReadWeb(ConfigReader& reader, const YamlNode& node, Config& config) {
  reader.ForEachKnown(node, "web", [&](const YamlNode& name, const YamlNode& value) {
    if (name.scalar != "listen") return;
    const std::optional<ConfigText> text = reader.Text(value, "web.listen");
    if (!text) return;
    if (!IsListenAddress(text->text)) {
      return reader.Expected(value, "web.listen",
                             "host:port, [IPv6]:port, or :port for every address, such as "
                             "127.0.0.1:9847",
                             *text);
    }
    config.listen = text->text;
  });
}

void ReadLog(ConfigReader& reader, const YamlNode& node, Config& config) {
  reader.ForEachKnown(node, "log", [&](const YamlNode& name, const YamlNode& value) {
    const std::string what = "log." + name.scalar;
    const std::optional<ConfigText> text = reader.Text(value, what);
    if (!text) return;
    if (name.scalar == "level") {
      const std::optional<LogLevel> level = ParseLogLevel(text->text);
      if (!level) return reader.Expected(value, what, "debug, info, warn or error", *text);
      config.log_level = *level;
    } else if (name.scalar == "format") {
      const std::optional<LogFormat> format = ParseLogFormat(text->text);
      if (!format) return reader.Expected(value, what, "json or text", *text);
      config.log_format = *format;
    }
  });
}

void ReadTop(ConfigReader& reader, const YamlNode& root, Config& config) {
  reader.ForEachKnown(root, "", [&](const YamlNode& name, const YamlNode& value) {
    if (name.scalar == "labels") {
      ReadLabels(reader, value, config.labels);
    } else if (name.scalar == "databases") {
      ReadDatabases(reader, value, config.databases);
    } else if (name.scalar == "queries") {
      reader.ForEachKnown(value, "queries", [&](const YamlNode& key, const YamlNode& paths) {
        if (key.scalar == "paths") ReadPaths(reader, paths, config.query_paths);
      });
    } else if (name.scalar == "params") {
      reader.ReadTexts(value, "params", ParamNameFault, config.params);
    } else if (name.scalar == "defaults") {
      reader.ForEachKnown(value, "defaults", [&](const YamlNode& key, const YamlNode& duration) {
        if (key.scalar == "every") {
          reader.ReadDuration(duration, "defaults.every", kMinEvery, kMaxEvery, config.every);
        } else if (key.scalar == "timeout") {
          reader.ReadDuration(duration, "defaults.timeout", kMinTimeout, kMaxTimeout,
                              config.timeout);
        }
      });
    } else if (name.scalar == "limits") {
      ReadLimits(reader, value, config.limits);
    } else if (name.scalar == "web") {
      ReadWeb(reader, value, config);
    } else if (name.scalar == "log") {
      ReadLog(reader, value, config);
    }
  });
}

}  // namespace

Config BuiltInConfig(const Environment& environment) {
  Config config;
  config.databases.push_back(EnvironmentDatabase(environment));
  return config;
}

std::optional<Config> DraftConfig(std::string_view file, std::string_view text,
                                  const Environment& environment, std::vector<Fault>& faults) {
  std::vector<Fault> found;
  std::optional<Config> draft;
  const std::optional<YamlNode> root =
      ParseYaml(text, YamlSource{.file = file, .file_text = text}, found);
  if (root) {
    Config config;
    config.file = file;
    config.directory = DirectoryOf(file);
    ConfigReader reader(file, text, environment, found);
    ReadTop(reader, *root, config);
    if (config.databases.empty()) config.databases.push_back(EnvironmentDatabase(environment));
    const bool is_map = root->kind == YamlNode::Kind::kMap || root->kind == YamlNode::Kind::kNull;
    if (is_map) draft = std::move(config);
  }
  MaskSecrets(text, found);
  SortFaults(found, 0);
  std::move(found.begin(), found.end(), std::back_inserter(faults));
  return draft;
}

}  // namespace tidegauge
