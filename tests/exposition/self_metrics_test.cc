#include "exposition/self_metrics.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "exposition/boards.h"

namespace tidegauge {
namespace {

// A board on which nothing was ever sampled: one query with two gauges, one database.
std::string PageAtStart(std::map<std::string, std::string> labels = {}) {
  BoardSnapshot board;
  const auto query = MakeQuery("a/b", {"x_items", "y_items"}, {"status"});
  query->owner = "team";
  board.targets = {MakeTarget(query, "app")};
  board.databases = {MakeDatabase("app")};
  board.reload.last_success = kNow;
  PageBuilder builder({std::move(labels), "1.2.3", "abc"}, FixedProcess);
  return Text(*builder.Build(board, kNow));
}

TEST(SelfMetricsTest, AllExistAtStart) {
  const std::string target = "{database=\"app\",query=\"a/b\"}";
  std::vector<std::string> expected = {
      "tidegauge_build_info{version=\"1.2.3\",revision=\"abc\"} 1",
      "tidegauge_metric_info{database=\"app\",query=\"a/b\",metric=\"x_items\",owner=\"team\"} 1",
      "tidegauge_metric_info{database=\"app\",query=\"a/b\",metric=\"y_items\",owner=\"team\"} 1",
      "tidegauge_query_up" + target + " 0",
      "tidegauge_query_last_success_timestamp_seconds" + target + " 0",
      "tidegauge_query_interval_seconds" + target + " 60",
      "tidegauge_query_timeout_seconds" + target + " 5",
      "tidegauge_query_duration_seconds" + target + " 0",
      "tidegauge_query_series" + target + " 0",
      "tidegauge_query_series_limit" + target + " 100",
      "tidegauge_query_folded_values" + target + " 0",
      "tidegauge_query_absent_values" + target + " 0",
      "tidegauge_query_samples_total" + target + " 0",
      "tidegauge_query_failures_total" + target + " 0",
      "tidegauge_query_skipped_total" + target + " 0",
  };
  for (const char* reason : {"connect", "timeout", "cancelled", "lock_timeout", "permission",
                             "read_only", "columns", "type", "null", "duplicate", "too_many_rows",
                             "too_many_series", "identifier", "label_value", "sql"}) {
    expected.push_back("tidegauge_failures_total{database=\"app\",reason=\"" + std::string(reason) +
                       "\"} 0");
  }
  expected.insert(expected.end(),
                  {"tidegauge_database_up{database=\"app\"} 0",
                   "tidegauge_database_connections{database=\"app\"} 0",
                   "tidegauge_database_connects_total{database=\"app\"} 0",
                   "tidegauge_database_role_writable{database=\"app\"} 0",
                   "tidegauge_config_last_reload_successful 1",
                   "tidegauge_config_last_reload_success_timestamp_seconds 1767323045"});
  EXPECT_EQ(LinesOf(PageAtStart(), "tidegauge_"), expected);
}

TEST(SelfMetricsTest, HaveTypeAndHelpEach) {
  const std::string page = PageAtStart();
  for (const std::string& line : LinesOf(page, "tidegauge_")) {
    const std::string name = line.substr(0, line.find_first_of("{ "));
    EXPECT_EQ(LinesOf(page, "# TYPE " + name + " ").size(), 1U) << name;
    const auto help = LinesOf(page, "# HELP " + name + " ");
    ASSERT_EQ(help.size(), 1U) << name;
    EXPECT_EQ(help[0].back(), '.') << name;
    EXPECT_EQ(name.ends_with("_total"), LinesOf(page, "# TYPE " + name + " counter").size() == 1U)
        << name;
  }
}

TEST(SelfMetricsTest, GaugesHaveTheirHeaderAndNoLineAtStart) {
  const std::string page = PageAtStart();
  EXPECT_EQ(LinesOf(page, "# TYPE x_items"), std::vector<std::string>{"# TYPE x_items gauge"});
  EXPECT_EQ(LinesOf(page, "# HELP x_items"),
            std::vector<std::string>{"# HELP x_items Help of x_items. (a/b.sql, every 1m)"});
  EXPECT_TRUE(LinesOf(page, "x_items").empty());
}

TEST(SelfMetricsTest, ConfigLabelsStandOnEverySeriesInFrontOfOurs) {
  const std::string page = PageAtStart({{"environment", "dev"}, {"area", "eu"}});
  std::size_t series = 0;
  for (const std::string& line : LinesOf(page, "")) {
    if (line.empty() || line[0] == '#') continue;
    EXPECT_NE(line.find("{area=\"eu\",environment=\"dev\""), std::string::npos) << line;
    ++series;
  }
  EXPECT_GT(series, 40U);
}

}  // namespace
}  // namespace tidegauge
