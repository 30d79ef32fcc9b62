#include "config/load.h"

#include <unistd.h>

#include <algorithm>

#include "config/files.h"
#include "config/parse.h"

namespace tidegauge {
namespace {

constexpr const char* kDefaultFile = "config.yaml";

// Gives the draft only where this call added no error.
template <typename Draft>
auto Strictly(std::vector<Fault>& faults, const Draft& draft) {
  std::vector<Fault> found;
  auto made = draft(found);
  if (HasErrors(found)) made.reset();
  faults.insert(faults.end(), found.begin(), found.end());
  return made;
}

}  // namespace

std::optional<Config> ParseConfig(std::string_view file, std::string_view text,
                                  const Environment& environment, std::vector<Fault>& faults) {
  return Strictly(faults, [&](std::vector<Fault>& found) {
    return DraftConfig(file, text, environment, found);
  });
}

std::optional<Config> LoadConfig(const std::string& file, const Environment& environment,
                                 std::vector<Fault>& faults) {
  return Strictly(
      faults, [&](std::vector<Fault>& found) { return LoadDraftConfig(file, environment, found); });
}

std::optional<Config> LoadDraftConfig(const std::string& file, const Environment& environment,
                                      std::vector<Fault>& faults) {
  if (file.empty() && access(kDefaultFile, F_OK) != 0) return BuiltInConfig(environment);
  const std::string path = file.empty() ? kDefaultFile : file;
  const std::optional<std::string> text = ReadTextFile(path, faults);
  if (!text) return std::nullopt;
  return DraftConfig(path, *text, environment, faults);
}

std::vector<std::size_t> DatabasesOf(const Query& query, const Config& config) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < config.databases.size(); ++i) {
    const std::string& name = config.databases[i].name;
    const bool is_named =
        std::find(query.databases.begin(), query.databases.end(), name) != query.databases.end();
    const bool is_first = query.databases.empty() && i == 0;
    if (query.all_databases || is_named || is_first) found.push_back(i);
  }
  return found;
}

std::map<std::string, std::string> ParamsFor(const Query& query, const Config& config,
                                             std::size_t database) {
  std::map<std::string, std::string> params = query.params;
  const std::map<std::string, std::string>& overrides = config.databases[database].params;
  for (auto& [name, value] : params) {
    const auto own = overrides.find(name);
    if (own != overrides.end()) value = own->second;
  }
  return params;
}

}  // namespace tidegauge
