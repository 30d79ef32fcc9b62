#include "gauge/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace tidegauge {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// In falling order, as they stand in a duration.
constexpr std::array<Unit, 6> kUnits = {{{"w", 604'800'000},
                                         {"d", 86'400'000},
                                         {"h", 3'600'000},
                                         {"m", 60'000},
                                         {"s", 1'000},
                                         {"ms", 1}}};

}  // namespace

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds(0);
  if (text.empty()) return std::nullopt;
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at != end) {
    if (*at < '0' || *at > '9') return std::nullopt;  // from_chars would take a sign
    std::int64_t number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return std::nullopt;
    const char* word_end = after;
    while (word_end != end && *word_end >= 'a' && *word_end <= 'z') ++word_end;
    const std::string_view word(after, static_cast<std::size_t>(word_end - after));
    while (next_unit < kUnits.size() && kUnits[next_unit].name != word) ++next_unit;
    if (next_unit == kUnits.size()) return std::nullopt;
    const std::int64_t unit = kUnits[next_unit++].milliseconds;
    if (number > (kMax - total) / unit) return std::nullopt;
    total += number * unit;
    at = word_end;
  }
  return std::chrono::milliseconds(total);
}

std::string FormatDuration(std::chrono::milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string out;
  std::uint64_t left = static_cast<std::uint64_t>(rest);
  if (rest < 0) {
    out = "-";
    left = ~left + 1;
  }
  for (const Unit& unit : kUnits) {
    const auto size = static_cast<std::uint64_t>(unit.milliseconds);
    if (unit.name == "w" && left % size != 0) continue;  // 8d reads better than 1w1d
    if (left < size) continue;
    out += std::to_string(left / size);
    out += unit.name;
    left %= size;
  }
  return out;
}

}  // namespace tidegauge
