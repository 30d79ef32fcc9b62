// Text of config.yaml → Config.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/environment.h"
#include "gauge/fault.h"

namespace tidegauge {

// Like ParseConfig (load.h), but gives what could be understood even where there were faults, so
// that a check can go on to the gauge files. std::nullopt where the text is no YAML map at all.
// Appends its faults sorted.
std::optional<Config> DraftConfig(std::string_view file, std::string_view text,
                                  const Environment& environment, std::vector<Fault>& faults);

// The config of no file at all: defaults, and the database that the environment names.
Config BuiltInConfig(const Environment& environment);

}  // namespace tidegauge
