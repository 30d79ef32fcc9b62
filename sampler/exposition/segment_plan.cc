#include "exposition/segment_plan.h"

#include <algorithm>
#include <numeric>

#include "exposition/page.h"

namespace tidegauge {
namespace {

constexpr std::size_t kTargetBytes = kMinSegmentBytes + kMinSegmentBytes / 2;
constexpr std::size_t kTargetSegments = 200;
constexpr std::size_t kGrowth = 3;
static_assert(kTargetSegments < kMaxSegments);

std::size_t TargetBytes(std::size_t total) {
  return std::max(kTargetBytes, total / kTargetSegments);
}

}  // namespace

SegmentPlan PlanSegments(const std::vector<std::uint32_t>& cell_sizes) {
  const std::size_t total = std::accumulate(cell_sizes.begin(), cell_sizes.end(), std::size_t{0});
  const std::size_t target = TargetBytes(total);
  SegmentPlan plan{{0}, {0}};
  std::size_t rest = total;  // bytes from this cell on
  for (std::size_t cell = 0; cell < cell_sizes.size(); ++cell) {
    // The last segment takes what would be too small for one of its own.
    if (plan.sizes.back() >= target && rest >= target) {
      plan.begins.push_back(cell);
      plan.sizes.push_back(0);
    }
    plan.sizes.back() += cell_sizes[cell];
    rest -= cell_sizes[cell];
  }
  return plan;
}

bool OutgrewPlan(const SegmentPlan& plan, const std::vector<std::size_t>& sizes_now) {
  const std::size_t target =
      TargetBytes(std::accumulate(sizes_now.begin(), sizes_now.end(), std::size_t{0}));
  for (std::size_t i = 0; i < sizes_now.size(); ++i) {
    if (sizes_now.size() > 1 && sizes_now[i] < kMinSegmentBytes) return true;
    // Measured against its own first size too: a cell larger than a segment cannot be cut.
    if (sizes_now[i] > kGrowth * std::max(target, plan.sizes[i])) return true;
  }
  return false;
}

}  // namespace tidegauge
