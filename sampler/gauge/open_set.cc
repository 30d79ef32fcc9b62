#include "gauge/open_set.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tidegauge {
namespace {

// What a value is ranked by: a newcomer has to be better by a tenth.
double Score(const OpenValue& value) {
  return value.was_member ? value.total : value.total - std::abs(value.total) / 10;
}

bool RanksBefore(const OpenValue& a, const OpenValue& b) {
  const double score_a = Score(a);
  const double score_b = Score(b);
  if (score_a != score_b) return score_a > score_b;
  if (a.was_member != b.was_member) return a.was_member;
  if (a.total != b.total) return a.total > b.total;
  return a.name < b.name;
}

}  // namespace

double AddFinite(double a, double b) {
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::clamp(a + b, -kMost, kMost);
}

std::vector<std::size_t> ChooseMembers(const std::vector<OpenValue>& values, std::size_t max) {
  std::vector<std::size_t> members(values.size());
  std::iota(members.begin(), members.end(), std::size_t{0});
  if (max < members.size()) {
    const auto last = members.begin() + static_cast<std::ptrdiff_t>(max);
    std::partial_sort(members.begin(), last, members.end(), [&](std::size_t a, std::size_t b) {
      return RanksBefore(values[a], values[b]);
    });
    members.resize(max);
  }
  std::sort(members.begin(), members.end(),
            [&](std::size_t a, std::size_t b) { return values[a].name < values[b].name; });
  return members;
}

}  // namespace tidegauge
