// Which names config.yaml may give. Each returns what is wrong and what to do, or "".
#pragma once

#include <string>
#include <string_view>

namespace tidegauge {

// A label on every series and every log line: what a series or a line of ours has already, or
// Prometheus sets itself, cannot be one.
std::string LabelNameFault(std::string_view name);

std::string DatabaseNameFault(std::string_view name);

// Read in SQL as current_setting('tidegauge.<name>').
std::string ParamNameFault(std::string_view name);

// A setting of Postgres. What keeps the application's database from harm cannot be set.
std::string SettingNameFault(std::string_view name);

}  // namespace tidegauge
