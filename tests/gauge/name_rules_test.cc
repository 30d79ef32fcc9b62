#include "gauge/name_rules.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

std::string WarningsOf(std::string_view name) {
  std::string all;
  for (const std::string& warning : NameWarnings(name)) all += warning + "\n";
  return all;
}

TEST(NameRulesTest, LeavesGoodNamesAlone) {
  for (const char* name :
       {"content_items", "logins_24h", "active_workspaces_7d", "content_age_seconds",
        "oldest_job_timestamp_seconds", "disk_usage_bytes", "cache_hit_ratio", "count", "total",
        "accounts", "sum_insured", "gauge", "thermometers", "total_users", "room_celsius", "s"}) {
    EXPECT_EQ(WarningsOf(name), "") << name;
    EXPECT_EQ(RightName(name), name);
  }
}

TEST(NameRulesTest, NamesTheRightNameBesideEachWarning) {
  const std::pair<const char*, const char*> cases[] = {
      {"users_total",
       "names that end in '_total' are for counters, and this is a gauge: write 'users'\n"},
      {"users_count",
       "names that end in '_count' are for histograms and summaries, and this is a gauge: write "
       "'users'\n"},
      {"price_sum",
       "names that end in '_sum' are for histograms and summaries, and this is a gauge: write "
       "'price'\n"},
      {"size_bucket",
       "names that end in '_bucket' are for histograms, and this is a gauge: write 'size'\n"},
      {"users_gauge", "a metric's name does not say its type, found 'gauge': write 'users'\n"},
      {"users_counter_now",
       "a metric's name does not say its type, found 'counter': write 'users_now'\n"},
      {"age_minutes",
       "expected the base unit 'seconds' in a metric's name, found 'minutes': write 'age_seconds' "
       "and convert the value\n"},
      {"age_milliseconds",
       "expected the base unit 'seconds' in a metric's name, found 'milliseconds': write "
       "'age_seconds' and convert the value\n"},
      {"hours_worked",
       "expected the base unit 'seconds' in a metric's name, found 'hours': write 'seconds_worked' "
       "and convert the value\n"},
      {"uploads_megabytes",
       "expected the base unit 'bytes' in a metric's name, found 'megabytes': write "
       "'uploads_bytes' and convert the value\n"},
      {"room_kelvins",
       "expected the base unit 'kelvin' in a metric's name, found 'kelvins': write 'room_kelvin' "
       "and convert the value\n"},
      {"gold_ounces",
       "expected the base unit 'grams' in a metric's name, found 'ounces': write 'gold_grams' and "
       "convert the value\n"},
      {"wait_ms",
       "a metric's name does not abbreviate its unit, found 'ms': write 'wait_seconds'\n"},
      {"uploads_mb_now",
       "a metric's name does not abbreviate its unit, found 'mb': write 'uploads_bytes_now'\n"},
      {"oldest_job_timestamp",
       "a point in time is given in seconds, and its name says so: write "
       "'oldest_job_timestamp_seconds'\n"},
      {"last_seen_timestamp_gauge",
       "a metric's name does not say its type, found 'gauge': write "
       "'last_seen_timestamp_seconds'\n"},
      {"wait_ms_gauge_count",
       "a metric's name does not abbreviate its unit, found 'ms': write 'wait_seconds'\n"
       "a metric's name does not say its type, found 'gauge': write 'wait_seconds'\n"
       "names that end in '_count' are for histograms and summaries, and this is a gauge: write "
       "'wait_seconds'\n"},
  };
  for (const auto& [name, warnings] : cases) {
    EXPECT_EQ(WarningsOf(name), warnings) << name;
    EXPECT_EQ(WarningsOf(RightName(name)), "") << RightName(name);
  }
}

TEST(NameRulesTest, TellsTimesAndRatios) {
  EXPECT_TRUE(IsTimestampName("oldest_timestamp_seconds"));
  EXPECT_TRUE(IsTimestampName("oldest_timestamp"));
  EXPECT_FALSE(IsTimestampName("age_seconds"));
  EXPECT_TRUE(IsRatioName("hit_ratio"));
  EXPECT_FALSE(IsRatioName("ratio_of_hits"));
}

TEST(NameRulesTest, KnowsWhatANameIs) {
  for (const char* name : {"a", "a1_b", "items__x"}) EXPECT_TRUE(IsName(name)) << name;
  for (const char* name : {"", "1a", "_a", "A", "aB", "a-b", "a b", "a:b", "ä"}) {
    EXPECT_FALSE(IsName(name)) << name;
  }
}

}  // namespace
}  // namespace tidegauge
