// Reads config.yaml and the gauge files it points at. Every fault in one run; all or nothing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "gauge/fault.h"
#include "gauge/query.h"

namespace tidegauge {

// Looks up an environment variable; std::nullopt where it is not set. A test passes its own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment ProcessEnvironment();

// Text → Config. `file` names the text in faults and gives Config::directory. Pure but for
// `environment`.
std::optional<Config> ParseConfig(std::string_view file, std::string_view text,
                                  const Environment& environment, std::vector<Fault>& faults);

// Reads `file`; an empty name takes ./config.yaml where there is one, else built-in defaults.
std::optional<Config> LoadConfig(const std::string& file, const Environment& environment,
                                 std::vector<Fault>& faults);

// All enabled and disabled queries under the config's paths, sorted by name; a file of the same
// name in a later path replaces the earlier. Cross-file faults too (one metric twice on one
// database, unknown database names, …). std::nullopt where any error was found.
std::optional<std::vector<std::shared_ptr<const Query>>> LoadQueries(const Config& config,
                                                                     std::vector<Fault>& faults);

// The databases that a query is sampled on, as indices into config.databases.
std::vector<std::size_t> DatabasesOf(const Query& query, const Config& config);

}  // namespace tidegauge
