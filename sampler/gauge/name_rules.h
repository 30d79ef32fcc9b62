// What promtool's linter objects to in a gauge's name (client_golang's promlint), with the name
// that it would not object to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidegauge {

// The name by all rules at once: users_total → users, age_minutes → age_seconds.
std::string RightName(std::string_view name);

// One text a broken rule, each with the right name; empty where the name is fine.
std::vector<std::string> NameWarnings(std::string_view name);

// A point in time: a sum of such makes no sense, nor does 0.
bool IsTimestampName(std::string_view name);
// A share of a whole: a sum of such makes no sense.
bool IsRatioName(std::string_view name);

}  // namespace tidegauge
