#include "gauge/tuples.h"

#include <gtest/gtest.h>

#include <random>

namespace tidegauge {
namespace {

using Indices = std::vector<std::uint32_t>;

TEST(TuplesTest, SortsByTheFirstNumberFirst) {
  Tuples tuples(2);
  for (const auto& tuple : {Indices{1, 0}, Indices{0, 9}, Indices{1, 7}, Indices{0, 2}}) {
    tuples.Add(tuple);
  }
  EXPECT_EQ(tuples.Order(), (Indices{3, 1, 0, 2}));
}

TEST(TuplesTest, EqualOnesKeepTheirOrder) {
  Tuples tuples(1);
  for (const std::uint32_t number : {5U, 1U, 5U, 1U}) tuples.Add(Indices{number});
  Indices some = {2, 3, 0};
  tuples.Sort(some);
  EXPECT_EQ(some, (Indices{3, 2, 0}));
}

TEST(TuplesTest, WithoutWidthAllAreEqual) {
  const Tuples tuples(0, 3);
  EXPECT_EQ(tuples.Order(), (Indices{0, 1, 2}));
  EXPECT_TRUE(tuples.Equal(0, 2));
}

TEST(TuplesTest, EmptyIsSorted) { EXPECT_EQ(Tuples(3).Order(), Indices{}); }

TEST(TuplesTest, SortsAsAComparisonWould) {
  std::mt19937 engine(3);
  Tuples tuples(3, 500);
  for (std::size_t i = 0; i < tuples.size(); ++i) {
    for (auto& number : tuples[i]) number = static_cast<std::uint32_t>(engine() % 6);
  }
  Indices expected(tuples.size());
  for (std::uint32_t i = 0; i < expected.size(); ++i) expected[i] = i;
  std::stable_sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::ranges::lexicographical_compare(tuples[a], tuples[b]);
  });
  EXPECT_EQ(tuples.Order(), expected);
}

}  // namespace
}  // namespace tidegauge
