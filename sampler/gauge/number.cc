#include "gauge/number.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace tidegauge {
namespace {

// Of a number that is no double: whether it is too near to zero, not too far from it. numeric
// comes without an exponent.
bool Underflows(std::string_view text) {
  if (text.find_first_of("eE") != std::string_view::npos) {
    return text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
  }
  return text.substr(0, text.find('.')).find_first_of("123456789") == std::string_view::npos;
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, value);
  if (read_to != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    if (!Underflows(text)) return std::nullopt;
    return 0.0;
  }
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<double> ParseBoolean(std::string_view text) {
  if (text == "t" || text == "true") return 1;
  if (text == "f" || text == "false") return 0;
  return std::nullopt;
}

}  // namespace tidegauge
