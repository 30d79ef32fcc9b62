// Reads config.yaml and the gauge files it points at. Every fault in one run; all or nothing.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/environment.h"
#include "gauge/fault.h"
#include "gauge/query.h"

namespace tidegauge {

// Text → Config. `file` names the text in faults and gives Config::directory. Pure but for
// `environment`. No fault shows a connection string, a password or a value of the environment.
std::optional<Config> ParseConfig(std::string_view file, std::string_view text,
                                  const Environment& environment, std::vector<Fault>& faults);

// Reads `file`; an empty name takes ./config.yaml where there is one, else built-in defaults.
// Faults are appended in order of their place; so it is with the functions below.
std::optional<Config> LoadConfig(const std::string& file, const Environment& environment,
                                 std::vector<Fault>& faults);

// Like LoadConfig, but gives what could be understood even where there were errors, so that a check
// can go on to the gauge files. std::nullopt where the file cannot be read, or is no YAML at all.
std::optional<Config> LoadDraftConfig(const std::string& file, const Environment& environment,
                                      std::vector<Fault>& faults);

using Queries = std::vector<std::shared_ptr<const Query>>;

// All enabled and disabled queries under the config's paths, sorted by name; a file of the same
// name in a later path replaces the earlier. Cross-file faults too (one metric twice on one
// database, unknown database names, …). std::nullopt where any error was found. Query::params are
// the header's, overridden by config.params; see ParamsFor.
std::optional<Queries> LoadQueries(const Config& config, std::vector<Fault>& faults);

// These gauge files alone. A file under one of the config's paths has its name there; any other is
// named for its last component. Cross-file faults are those among these files.
std::optional<Queries> LoadQueryFiles(const Config& config, const std::vector<std::string>& files,
                                      std::vector<Fault>& faults);

// The databases that a query is sampled on, as indices into config.databases, in rising order.
// Names that config.yaml does not have are left out (LoadQueries has refused them).
std::vector<std::size_t> DatabasesOf(const Query& query, const Config& config);

// A query's params as they are set on config.databases[database]: Query::params, overridden by that
// database's own `params`. Only what the header names is set: other names are no concern of the
// query's.
std::map<std::string, std::string> ParamsFor(const Query& query, const Config& config,
                                             std::size_t database);

}  // namespace tidegauge
