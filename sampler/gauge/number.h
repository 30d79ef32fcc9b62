// The text of a value column → double.
#pragma once

#include <optional>
#include <string_view>

namespace tidegauge {

// The double nearest to a decimal number as Postgres writes it, whatever its length and the locale.
// std::nullopt where the text is no number, or a NaN, an infinity or beyond every double. What is
// nearer to zero than every double is zero.
std::optional<double> ParseNumber(std::string_view text);

// t and true are 1, f and false are 0.
std::optional<double> ParseBoolean(std::string_view text);

}  // namespace tidegauge
