// Gauge files → queries: LoadQueries and LoadQueryFiles of load.h.
#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "config/crosscheck.h"
#include "config/files.h"
#include "config/load.h"
#include "gauge/gauge_file.h"

namespace tidegauge {
namespace {

GaugeFileDefaults DefaultsOf(const Config& config) {
  GaugeFileDefaults defaults;
  defaults.every = config.every;
  defaults.timeout = config.timeout;
  defaults.max_series = config.limits.series_per_query;
  defaults.params = config.params;
  for (const auto& [name, value] : config.labels) defaults.reserved_labels.push_back(name);
  return defaults;
}

// By file, then place; warnings and errors mixed, as the reader goes through a file.
void SortByPlace(std::vector<Fault>& faults) {
  SortFaults(faults, 0);
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& a, const Fault& b) { return a.file < b.file; });
}

std::optional<Queries> LoadFiles(const Config& config, const std::vector<GaugeFile>& files,
                                 bool all_files, std::vector<Fault>& found) {
  const GaugeFileDefaults defaults = DefaultsOf(config);
  std::vector<LoadedQuery> loaded;
  for (const GaugeFile& file : files) {
    std::optional<std::string> text = ReadTextFile(file.file, found);
    if (!text) continue;
    std::optional<Query> query = ParseGaugeFile(file.file, file.name, *text, defaults, found);
    if (!query) continue;
    loaded.push_back({std::make_shared<const Query>(std::move(*query)), std::move(*text)});
  }
  CrossCheck(loaded, config, found);
  // Of a file with errors the params are not known.
  if (all_files && !HasErrors(found)) CheckParams(loaded, config, found);
  if (HasErrors(found)) return std::nullopt;
  Queries queries;
  for (LoadedQuery& query : loaded) queries.push_back(std::move(query.query));
  return queries;
}

// What a gauge file is called that was named on its own.
std::string NameOf(const std::string& file, const Config& config) {
  std::string name = file;
  if (name.ends_with(".sql")) name.resize(name.size() - 4);
  while (name.starts_with("./")) name.erase(0, 2);
  for (const std::string& path : config.query_paths) {
    std::string folder = Resolve(config.directory, path);
    while (folder.starts_with("./")) folder.erase(0, 2);
    if (!folder.ends_with('/')) folder += '/';
    if (name.starts_with(folder)) return name.substr(folder.size());
  }
  return name.substr(name.rfind('/') + 1);
}

void Append(std::vector<Fault> found, std::vector<Fault>& faults) {
  SortByPlace(found);
  std::move(found.begin(), found.end(), std::back_inserter(faults));
}

}  // namespace

std::optional<Queries> LoadQueries(const Config& config, std::vector<Fault>& faults) {
  std::vector<Fault> found;
  std::map<std::string, GaugeFile> by_name;
  for (const std::string& path : config.query_paths) {
    const std::string folder = Resolve(config.directory, path);
    for (GaugeFile& file : FindGaugeFiles(folder, found)) {
      by_name.insert_or_assign(file.name, file);
    }
  }
  std::vector<GaugeFile> files;
  for (auto& [name, file] : by_name) files.push_back(std::move(file));
  if (files.empty() && !HasErrors(found)) {
    Fault fault;
    fault.severity = Severity::kWarning;
    fault.file = Resolve(config.directory, config.query_paths.front());
    fault.message = "holds no gauge file (*.sql): write one with `tidegauge new NAME`";
    found.push_back(std::move(fault));
  }
  std::optional<Queries> queries = LoadFiles(config, files, true, found);
  Append(std::move(found), faults);
  return queries;
}

std::optional<Queries> LoadQueryFiles(const Config& config, const std::vector<std::string>& files,
                                      std::vector<Fault>& faults) {
  std::vector<Fault> found;
  std::vector<GaugeFile> named;
  for (const std::string& file : files) named.push_back({NameOf(file, config), file});
  std::sort(named.begin(), named.end(),
            [](const GaugeFile& a, const GaugeFile& b) { return a.file < b.file; });
  // A file that is named twice is one file.
  const auto same = [](const GaugeFile& a, const GaugeFile& b) { return a.file == b.file; };
  named.erase(std::unique(named.begin(), named.end(), same), named.end());
  std::stable_sort(named.begin(), named.end(),
                   [](const GaugeFile& a, const GaugeFile& b) { return a.name < b.name; });
  std::optional<Queries> queries = LoadFiles(config, named, false, found);
  Append(std::move(found), faults);
  return queries;
}

}  // namespace tidegauge
