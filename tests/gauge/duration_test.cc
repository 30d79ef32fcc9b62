#include "gauge/duration.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

using std::chrono::milliseconds;

struct ParseCase {
  const char* text;
  std::int64_t milliseconds;
};

TEST(DurationTest, ReadsWhatPrometheusWrites) {
  const ParseCase cases[] = {
      {"0", 0},
      {"0s", 0},
      {"10ms", 10},
      {"5s", 5'000},
      {"1m30s", 90'000},
      {"2h", 7'200'000},
      {"1d", 86'400'000},
      {"1w", 604'800'000},
      {"1w2d3h4m5s6ms", 788'645'006},
      {"90s", 90'000},
      {"001s", 1'000},
      {"1h1ms", 3'600'001},
      {"9223372036854775807ms", 9223372036854775807},
  };
  for (const ParseCase& c : cases) {
    SCOPED_TRACE(c.text);
    ASSERT_TRUE(ParseDuration(c.text).has_value());
    EXPECT_EQ(ParseDuration(c.text)->count(), c.milliseconds);
  }
}

TEST(DurationTest, RejectsWhatPrometheusRejects) {
  for (const char* text : {"", " ", "5", "s", "-5s", "+5s", "1.5h", "5 s", "5s ", "1s1m", "1s1s",
                           "1M", "1y", "5sec", "1m30", "0x1s", "9223372036854775808ms",
                           "9223372036854775807s", "1h9223372036854775807ms"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(ParseDuration(text).has_value());
  }
}

TEST(DurationTest, WritesTheLargestUnits) {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "0s"},           {10, "10ms"},        {1'500, "1s500ms"},  {5'000, "5s"},
      {90'000, "1m30s"},   {300'000, "5m"},     {7'200'000, "2h"},   {172'800'000, "2d"},
      {604'800'000, "1w"}, {691'200'000, "8d"}, {-90'000, "-1m30s"},
  };
  for (const auto& [count, text] : cases) EXPECT_EQ(FormatDuration(milliseconds(count)), text);
}

TEST(DurationTest, ReadsBackWhatItWrites) {
  for (std::int64_t count = 1; count < 4'000'000'000'000; count = count * 3 + 7) {
    const std::string text = FormatDuration(milliseconds(count));
    ASSERT_TRUE(ParseDuration(text).has_value()) << text;
    EXPECT_EQ(ParseDuration(text)->count(), count) << text;
  }
}

}  // namespace
}  // namespace tidegauge
