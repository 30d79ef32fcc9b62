#include "gauge/open_set.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace tidegauge {
namespace {

constexpr double kMax = std::numeric_limits<double>::max();

struct Case {
  const char* name;
  std::vector<OpenValue> values;
  std::size_t max;
  const char* members;
};

class OpenSetTest : public testing::TestWithParam<Case> {};

TEST_P(OpenSetTest, Keeps) {
  std::string members;
  for (std::size_t i : ChooseMembers(GetParam().values, GetParam().max)) {
    members += (members.empty() ? "" : " ") + std::string(GetParam().values[i].name);
  }
  EXPECT_EQ(members, GetParam().members);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, OpenSetTest,
    testing::Values(
        Case{"Nothing", {}, 3, ""},  //
        Case{"AllWhereTheyFit", {{"b", 1}, {"a", 2}}, 2, "a b"},
        Case{"LargestFirst", {{"a", 1}, {"b", 3}, {"c", 2}}, 2, "b c"},
        Case{"TiesByName", {{"c", 1}, {"b", 1}, {"a", 1}}, 2, "a b"},
        Case{"NoneForZero", {{"a", 1}}, 0, ""},
        Case{"NegativeTotals", {{"a", -3}, {"b", -1}, {"c", -2}}, 2, "b c"},
        Case{"MemberStaysWithinATenth", {{"a", 90, true}, {"b", 100}}, 1, "a"},
        Case{"MemberGoesBeyondATenth", {{"a", 89.9, true}, {"b", 100}}, 1, "b"},
        Case{"MemberStaysNextToTheLast", {{"a", 200}, {"b", 100}, {"c", 95, true}}, 2, "a c"},
        Case{"MuchLargerNewcomerEntersThoughMembersAreEven",
             {{"a", 95, true}, {"b", 91, true}, {"c", 1000}},
             2,
             "a c"},
        Case{"MembersAmongThemselvesByTotal", {{"a", 1, true}, {"b", 2, true}}, 1, "b"},
        Case{"MembersTiesByName", {{"b", 1, true}, {"a", 1, true}}, 1, "a"},
        Case{"NewcomerAtZeroDoesNotReplace", {{"a", 0}, {"b", 0, true}}, 1, "b"},
        Case{"NegativeMemberStaysWithinATenth", {{"a", -110, true}, {"b", -100}}, 1, "a"},
        Case{"NegativeMemberGoesBeyondATenth", {{"a", -111, true}, {"b", -100}}, 1, "b"},
        Case{"LargestDoubles", {{"a", -kMax}, {"b", kMax}, {"c", kMax, true}}, 1, "c"}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(OpenSetTest, StaysAsItIsWhileTotalsDo) {
  std::vector<OpenValue> values = {{"a", 95, true}, {"b", 91, true}, {"c", 103}, {"d", 104}};
  const auto first = ChooseMembers(values, 2);
  for (auto& value : values) value.was_member = false;
  for (const std::size_t i : first) values[i].was_member = true;
  EXPECT_EQ(ChooseMembers(values, 2), first);
}

TEST(OpenSetTest, AddsWithinTheFiniteDoubles) {
  EXPECT_EQ(AddFinite(kMax, kMax), kMax);
  EXPECT_EQ(AddFinite(-kMax, -kMax), -kMax);
  EXPECT_EQ(AddFinite(1, 2), 3);
}

}  // namespace
}  // namespace tidegauge
