#include "config/crosscheck.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "config/load.h"
#include "gauge/yaml.h"

namespace tidegauge {
namespace {

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// The offset in `line` at which `word` stands as a word of its own, or npos.
std::size_t FindWord(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !IsWord(line[at - 1])) && (end == line.size() || !IsWord(line[end]))) return at;
  }
  return std::string_view::npos;
}

// A fault where `word` first stands in the header at or after `key`; at the file where it is not
// found (a quoted word with escapes).
Fault FaultAtWord(const LoadedQuery& loaded, std::string_view key, std::string_view word,
                  std::string message) {
  const YamlSource source{.file = loaded.query->file, .file_text = loaded.text};
  bool seen_key = false;
  for (int line = 1; line < loaded.query->statement_line; ++line) {
    const std::string text = SourceLine(loaded.text, line);
    std::size_t from = 0;
    if (!seen_key) {
      from = FindWord(text, key);
      if (from == std::string::npos) continue;
      seen_key = true;
      from += key.size();
    }
    const std::size_t at = FindWord(std::string_view(text).substr(from), word);
    if (at == std::string_view::npos) continue;
    return FaultAt(source, line, static_cast<int>(from + at) + 1, std::move(message));
  }
  return FaultAt(source, 0, 0, std::move(message));
}

void CheckDatabaseNames(const LoadedQuery& loaded, const Config& config,
                        std::vector<Fault>& faults) {
  std::vector<std::string_view> known;
  for (const DatabaseConfig& database : config.databases) known.push_back(database.name);
  for (const std::string& name : loaded.query->databases) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string hint = DidYouMean(name, known);
    if (hint.empty()) {
      hint = "; known are: ";
      for (std::size_t i = 0; i < known.size(); ++i) {
        hint += (i == 0 ? "" : ", ") + std::string(known[i]);
      }
    }
    faults.push_back(
        FaultAtWord(loaded, "database", name, "unknown database " + Quoted(name) + hint));
  }
}

std::vector<std::string> LabelNames(const Query& query) {
  std::vector<std::string> names;
  for (const Label& label : query.labels) names.push_back(label.column);
  std::sort(names.begin(), names.end());
  return names;
}

std::string Listed(const std::vector<std::string>& names) {
  if (names.empty()) return "none";
  std::string listed;
  for (const std::string& name : names) listed += (listed.empty() ? "" : ", ") + name;
  return listed;
}

// A gauge as the first file by name has it.
struct Family {
  const LoadedQuery* loaded = nullptr;
  const Gauge* gauge = nullptr;
  std::map<std::size_t, const LoadedQuery*> databases = {};  // who feeds it there
};

std::string WhyNotTwice(const LoadedQuery& loaded, const Gauge& gauge, const Family& family,
                        const Config& config) {
  const Query& first = *family.loaded->query;
  for (const std::size_t database : DatabasesOf(*loaded.query, config)) {
    const auto other = family.databases.find(database);
    if (other == family.databases.end()) continue;
    return "metric " + Quoted(gauge.name) + " is fed by " + other->second->query->file +
           " on database " + Quoted(config.databases[database].name) +
           " already: rename it, or sample the two on different databases";
  }
  if (LabelNames(first) != LabelNames(*loaded.query)) {
    return "metric " + Quoted(gauge.name) + " has the labels " + Listed(LabelNames(first)) +
           " in " + first.file + " and " + Listed(LabelNames(*loaded.query)) +
           " here: make them the same, or rename it";
  }
  if (family.gauge->help != gauge.help) {
    return "metric " + Quoted(gauge.name) + " has another help in " + first.file +
           ": make them the same, or rename it";
  }
  return "";
}

}  // namespace

void CrossCheck(const std::vector<LoadedQuery>& queries, const Config& config,
                std::vector<Fault>& faults) {
  std::map<std::string, Family> families;
  for (const LoadedQuery& loaded : queries) {
    CheckDatabaseNames(loaded, config, faults);
    if (!loaded.query->enabled) continue;
    for (const Gauge& gauge : loaded.query->gauges) {
      const auto [found, is_new] = families.try_emplace(gauge.name, Family{&loaded, &gauge});
      Family& family = found->second;
      std::string fault = is_new ? "" : WhyNotTwice(loaded, gauge, family, config);
      if (!fault.empty()) {
        faults.push_back(FaultAtWord(loaded, "", gauge.name, std::move(fault)));
      }
      for (const std::size_t database : DatabasesOf(*loaded.query, config)) {
        family.databases.emplace(database, &loaded);
      }
    }
  }
}

void CheckParams(const std::vector<LoadedQuery>& queries, const Config& config,
                 std::vector<Fault>& faults) {
  std::set<std::string_view> names;
  for (const LoadedQuery& loaded : queries) {
    for (const auto& [name, value] : loaded.query->params) names.insert(name);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto check = [&](const std::map<std::string, std::string>& params,
                         const std::string& where) {
    for (const auto& [name, value] : params) {
      if (names.contains(name)) continue;
      Fault fault;
      fault.severity = Severity::kWarning;
      fault.file = config.file;
      fault.message = where + " has " + Quoted(name) + ", which no gauge file has under 'params'" +
                      DidYouMean(name, known);
      faults.push_back(std::move(fault));
    }
  };
  check(config.params, "params");
  for (const DatabaseConfig& database : config.databases) {
    check(database.params, "databases." + database.name + ".params");
  }
}

}  // namespace tidegauge
