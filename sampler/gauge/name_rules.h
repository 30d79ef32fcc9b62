// Names: what they must be, what promtool's linter objects to in a gauge's (client_golang's
// promlint), and the name that it would not object to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidegauge {

// [a-z][a-z0-9_]*: metrics, labels and params.
bool IsName(std::string_view name);
inline constexpr std::string_view kNameRule =
    "expected lower-case letters, digits and '_', beginning with a letter";
// Postgres cuts longer names of columns.
inline constexpr std::size_t kMaxColumnBytes = 63;

// The name by all rules at once: users_total → users, age_minutes → age_seconds.
std::string RightName(std::string_view name);

// One text a broken rule, each with the right name; empty where the name is fine.
std::vector<std::string> NameWarnings(std::string_view name);

// A point in time: a sum of such makes no sense, nor does 0.
bool IsTimestampName(std::string_view name);
// A share of a whole: a sum of such makes no sense.
bool IsRatioName(std::string_view name);

}  // namespace tidegauge
