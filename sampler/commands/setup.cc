#include "commands/setup.h"

#include <algorithm>
#include <utility>

#include "config/files.h"
#include "config/load.h"
#include "database/postgres.h"

namespace tidegauge {
namespace {

// Null where there is none, or it cannot be read: connecting then says so.
std::optional<std::string> UrlInFile(const DatabaseConfig& database, const std::string& directory) {
  if (database.url_file.empty()) return std::nullopt;
  std::vector<Fault> ignored;
  return ReadTextFile(Resolve(directory, database.url_file), ignored);
}

}  // namespace

std::optional<Setup> LoadSetup(const std::string& config_file, std::vector<Fault>& faults) {
  auto config = LoadConfig(config_file, ProcessEnvironment(), faults);
  if (!config) return std::nullopt;
  auto queries = LoadQueries(*config, faults);
  if (!queries || HasErrors(faults)) return std::nullopt;
  return Setup{std::move(*config), std::move(*queries)};
}

std::vector<Target> TargetsOf(const Setup& setup) {
  std::vector<Target> targets;
  for (const auto& query : setup.queries) {
    if (!query->enabled) continue;
    for (std::size_t i : DatabasesOf(*query, setup.config)) {
      targets.push_back(
          {query, setup.config.databases[i].name, ParamsFor(*query, setup.config, i)});
    }
  }
  return targets;
}

std::vector<std::string> DatabaseNames(const Config& config) {
  std::vector<std::string> names;
  for (const DatabaseConfig& database : config.databases) names.push_back(database.name);
  return names;
}

std::vector<SampledDatabase> Databases::For(const Config& config) {
  std::vector<Made> next;
  std::vector<SampledDatabase> sampled;
  for (const DatabaseConfig& database : config.databases) {
    const auto url = UrlInFile(database, config.directory);
    const auto old = std::find_if(made_.begin(), made_.end(), [&](const Made& made) {
      return made.config == database && made.directory == config.directory &&
             (!url || made.url == url);
    });
    next.push_back(old != made_.end() ? *old
                                      : Made{database, config.directory, url,
                                             MakePostgres(database, config.directory, watchdog_)});
    sampled.push_back({next.back().database, database.max_connections});
  }
  made_ = std::move(next);
  return sampled;
}

}  // namespace tidegauge
