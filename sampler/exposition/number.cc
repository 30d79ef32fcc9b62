#include "exposition/number.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace tidegauge {

void AppendNumber(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
    return;
  }
  constexpr double kLastExactInteger = 9007199254740992.0;  // 2^53
  char buffer[32];
  std::to_chars_result end{};
  if (value == std::trunc(value) && std::abs(value) <= kLastExactInteger) {
    end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(value));
  } else {
    end = std::to_chars(buffer, buffer + sizeof buffer, value);
  }
  out.append(buffer, end.ptr);
}

}  // namespace tidegauge
