#include "gauge/failure.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegauge {
namespace {

TEST(FailureTest, NamesEveryReasonAsPublished) {
  std::string names;
  for (Reason reason : kAllReasons) names += std::string(ReasonName(reason)) + " ";
  EXPECT_EQ(
      names,
      "connect timeout cancelled lock_timeout permission read_only columns type null duplicate "
      "too_many_rows too_many_series identifier label_value sql ");
}

TEST(FailureTest, ListsEveryReasonOnceInTheOrderOfTheEnum) {
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kAllReasons[i]), i);
  }
  EXPECT_EQ(kReasonCount, static_cast<std::size_t>(Reason::kSql) + 1);
}

}  // namespace
}  // namespace tidegauge
