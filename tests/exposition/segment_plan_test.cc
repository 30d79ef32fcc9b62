#include "exposition/segment_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "exposition/page.h"

namespace tidegauge {
namespace {

std::vector<std::uint32_t> Cells(std::size_t count, std::uint32_t size) {
  return std::vector<std::uint32_t>(count, size);
}

TEST(SegmentPlanTest, KeepsASmallPageWhole) {
  const SegmentPlan plan = PlanSegments(Cells(100, 300));
  EXPECT_EQ(plan.begins, std::vector<std::size_t>{0});
  EXPECT_EQ(plan.sizes, std::vector<std::size_t>{30'000});
}

TEST(SegmentPlanTest, HasOneSegmentForNoCells) {
  EXPECT_EQ(PlanSegments({}).begins, std::vector<std::size_t>{0});
}

TEST(SegmentPlanTest, HoldsItsBoundsForAnyCells) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const std::size_t count = random() % 20'000;
    const std::uint32_t largest = round % 10 == 0 ? 400'000 : 2'000;
    std::vector<std::uint32_t> cells(count);
    for (auto& cell : cells) cell = random() % largest;
    const SegmentPlan plan = PlanSegments(cells);
    ASSERT_LE(plan.begins.size(), kMaxSegments);
    ASSERT_EQ(plan.begins.front(), 0U);
    ASSERT_TRUE(std::is_sorted(plan.begins.begin(), plan.begins.end()));
    for (std::size_t i = 0; i < plan.begins.size(); ++i) {
      const std::size_t end = i + 1 < plan.begins.size() ? plan.begins[i + 1] : cells.size();
      ASSERT_EQ(plan.sizes[i],
                std::accumulate(cells.begin() + static_cast<std::ptrdiff_t>(plan.begins[i]),
                                cells.begin() + static_cast<std::ptrdiff_t>(end), std::size_t{0}));
      ASSERT_GE(plan.sizes[i], plan.begins.size() > 1 ? kMinSegmentBytes : 0);
    }
    ASSERT_FALSE(OutgrewPlan(plan, plan.sizes));
  }
}

TEST(SegmentPlanTest, IsCutAnewOnlyFarOutOfBounds) {
  const SegmentPlan plan = PlanSegments(Cells(1'000, 100));  // 100 kB
  ASSERT_EQ(plan.sizes.size(), 4U);
  const auto with_first = [&](std::size_t size) {
    auto sizes = plan.sizes;
    sizes[0] = size;
    return OutgrewPlan(plan, sizes);
  };
  EXPECT_FALSE(with_first(kMinSegmentBytes));
  EXPECT_TRUE(with_first(kMinSegmentBytes - 1));
  EXPECT_FALSE(with_first(3 * plan.sizes[0]));
  EXPECT_TRUE(with_first(3 * plan.sizes[0] + 1));
}

TEST(SegmentPlanTest, DoesNotCutAnewForOneCellThatIsLargerThanASegment) {
  std::vector<std::uint32_t> cells = Cells(1'000, 100);
  cells[500] = 2'000'000;
  const SegmentPlan plan = PlanSegments(cells);
  EXPECT_FALSE(OutgrewPlan(plan, plan.sizes));
}

TEST(SegmentPlanTest, LetsAPageOfOneSegmentBeSmall) {
  const SegmentPlan plan = PlanSegments(Cells(100, 300));
  EXPECT_FALSE(OutgrewPlan(plan, {10}));
}

}  // namespace
}  // namespace tidegauge
