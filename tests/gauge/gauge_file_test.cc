#include "gauge/gauge_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tidegauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string Format(const std::vector<Fault>& faults) {
  std::string all;
  for (const Fault& fault : faults) all += FormatFault(fault) + "\n";
  return all;
}

// Parses a file that must be without fault.
Query Parse(std::string_view text, const GaugeFileDefaults& defaults = {}) {
  std::vector<Fault> faults;
  const std::optional<Query> query = ParseGaugeFile("queries/x.sql", "x", text, defaults, faults);
  EXPECT_EQ(Format(faults), "") << text;
  EXPECT_TRUE(query.has_value()) << text;
  if (query) return *query;
  Query none;
  none.gauges.resize(1);
  none.labels.resize(1);
  return none;
}

// The faults of a header in front of a good statement.
std::string FaultsOf(std::string_view text, const GaugeFileDefaults& defaults = {},
                     std::string_view name = "x") {
  std::vector<Fault> faults;
  const bool has_query = ParseGaugeFile("x.sql", name, text, defaults, faults).has_value();
  EXPECT_EQ(has_query, !HasErrors(faults));
  return Format(faults);
}

// Each testdata/<fault>.sql is refused, or warned of, with the text in testdata/<fault>.txt. Run
// with TIDEGAUGE_RENEW=1 to write those anew; then read what changed.
TEST(GaugeFileTest, SaysOfEachBadFileWhatItsTextSays) {
  GaugeFileDefaults defaults;
  defaults.reserved_labels = {"environment"};
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TIDEGAUGE_TESTDATA)) {
    if (entry.path().extension() != ".sql") continue;
    ++files;
    std::filesystem::path expected_path = entry.path();
    expected_path.replace_extension(".txt");
    std::vector<Fault> faults;
    const bool has_query =
        ParseGaugeFile(entry.path().filename().string(), entry.path().stem().string(),
                       ReadFile(entry.path()), defaults, faults)
            .has_value();
    EXPECT_FALSE(faults.empty()) << entry.path();
    EXPECT_EQ(has_query, !HasErrors(faults)) << entry.path();
    if (std::getenv("TIDEGAUGE_RENEW") != nullptr) {
      std::ofstream(expected_path, std::ios::binary) << Format(faults);
    }
    EXPECT_EQ(Format(faults), ReadFile(expected_path)) << entry.path();
  }
  EXPECT_GE(files, 60U);
}

TEST(GaugeFileTest, ReadsTheOneGaugeOfAFile) {
  const Query query = Parse(
      "-- gauge: workflow_content_items\n"
      "-- help: Content items by workflow status.\n"
      "-- every: 1m\n"
      "-- labels:\n"
      "--   status: [draft, no, 1.10, 'null']\n"
      "SELECT status, count(*) AS value\n"
      "FROM content_items\n"
      "GROUP BY status;\n");
  EXPECT_EQ(query.name, "x");
  EXPECT_EQ(query.file, "queries/x.sql");
  EXPECT_EQ(query.statement,
            "SELECT status, count(*) AS value\nFROM content_items\nGROUP BY status");
  EXPECT_EQ(query.statement_line, 6);
  ASSERT_EQ(query.labels.size(), 1U);
  EXPECT_EQ(query.labels[0].column, "status");
  EXPECT_TRUE(query.labels[0].closed);
  EXPECT_EQ(query.labels[0].values, (std::vector<std::string>{"draft", "no", "1.10", "null"}));
  ASSERT_EQ(query.gauges.size(), 1U);
  const Gauge& gauge = query.gauges[0];
  EXPECT_EQ(gauge.name, "workflow_content_items");
  EXPECT_EQ(gauge.help, "Content items by workflow status.");
  EXPECT_EQ(gauge.value, "");
  EXPECT_EQ(gauge.combine, Combine::kSum);
  EXPECT_EQ(gauge.missing, Missing::kZero);
  EXPECT_EQ(gauge.nulls, Nulls::kAbsent);
  EXPECT_EQ(query.every, minutes(1));
  EXPECT_EQ(query.timeout, seconds(5));
  EXPECT_EQ(query.keep_for, minutes(3));
  EXPECT_EQ(query.max_series, 100U);
  EXPECT_EQ(query.identifiers, Identifiers::kRefuse);
  EXPECT_FALSE(query.all_databases);
  EXPECT_TRUE(query.databases.empty());
  EXPECT_TRUE(query.enabled);
  EXPECT_TRUE(query.name_rules);
}

TEST(GaugeFileTest, ReadsEveryKey) {
  const Query query = Parse(
      "-- gauge: logins_count\n"
      "-- help: >-\n"
      "--   Logins\n"
      "--   by country.\n"
      "-- value: n\n"
      "-- labels: { country: {max: 20}, kind: [a, b] }\n"
      "-- combine: max\n"
      "-- missing: zero\n"
      "-- nulls: fail\n"
      "-- every: 1h\n"
      "-- timeout: 10ms\n"
      "-- keep_for: 1h10ms\n"
      "-- max_series: 1000\n"
      "-- identifiers: fold\n"
      "-- params: { stale_after: 48 hours, limit: 7, empty: '' }\n"
      "-- database: [app, archive]\n"
      "-- enabled: false\n"
      "-- owner: platform\n"
      "-- runbook: https://wiki.example/runbook#logins\n"
      "-- link: http://app.example:8080/logins?x=1\n"
      "-- name_rules: off\n"
      "-- panel: { title: Logins by country, type: timeseries }\n"
      "-- alerts: { TooManyLogins: { when: \"> 20\" } }\n"
      "SELECT 1");
  const Gauge& gauge = query.gauges.at(0);
  EXPECT_EQ(gauge.help, "Logins by country.");
  EXPECT_EQ(gauge.value, "n");
  EXPECT_EQ(gauge.combine, Combine::kMax);
  EXPECT_EQ(gauge.missing, Missing::kZero);
  EXPECT_EQ(gauge.nulls, Nulls::kFail);
  EXPECT_EQ(gauge.link, "http://app.example:8080/logins?x=1");
  EXPECT_EQ(gauge.panel, "title: \"Logins by country\"\ntype: timeseries\n");
  EXPECT_EQ(gauge.alerts, "TooManyLogins:\n  when: \"> 20\"\n");
  EXPECT_FALSE(query.labels.at(0).closed);
  EXPECT_EQ(query.labels.at(0).max, 20U);
  EXPECT_EQ(query.every, std::chrono::hours(1));
  EXPECT_EQ(query.timeout, milliseconds(10));
  EXPECT_EQ(query.keep_for, milliseconds(3'600'010));
  EXPECT_EQ(query.max_series, 1000U);
  EXPECT_EQ(query.identifiers, Identifiers::kFold);
  EXPECT_EQ(query.params, (std::map<std::string, std::string>{
                              {"stale_after", "48 hours"}, {"limit", "7"}, {"empty", ""}}));
  EXPECT_EQ(query.databases, (std::vector<std::string>{"app", "archive"}));
  EXPECT_FALSE(query.enabled);
  EXPECT_EQ(query.owner, "platform");
  EXPECT_EQ(query.runbook, "https://wiki.example/runbook#logins");
  EXPECT_EQ(query.link, "http://app.example:8080/logins?x=1");
  EXPECT_FALSE(query.name_rules);
}

TEST(GaugeFileTest, GivesSeveralGaugesTheFilesLabels) {
  const Query query = Parse(
      "-- gauges:\n"
      "--   stale: { value: waiting, help: Stale ones., link: https://app.example/stale }\n"
      "--   oldest_timestamp_seconds:\n"
      "--     value: oldest\n"
      "--     help: When the oldest came.\n"
      "--     panel: off\n"
      "-- labels: { kind: [a, b] }\n"
      "-- link: https://app.example/\n"
      "SELECT 1");
  ASSERT_EQ(query.gauges.size(), 2U);
  EXPECT_EQ(query.gauges[0].name, "stale");
  EXPECT_EQ(query.gauges[0].value, "waiting");
  EXPECT_EQ(query.gauges[0].link, "https://app.example/stale");
  EXPECT_EQ(query.gauges[0].missing, Missing::kZero);
  EXPECT_EQ(query.gauges[0].combine, Combine::kSum);
  EXPECT_EQ(query.gauges[1].link, "https://app.example/");
  EXPECT_EQ(query.gauges[1].missing, Missing::kAbsent);
  EXPECT_EQ(query.gauges[1].combine, Combine::kNone);
  EXPECT_EQ(query.gauges[1].panel, "off");
}

struct DefaultCase {
  const char* name;
  const char* labels;
  Combine combine;
  Missing missing;
};

TEST(GaugeFileTest, DerivesCombineAndMissingFromNameAndLabels) {
  const DefaultCase cases[] = {
      {"items", "{}", Combine::kSum, Missing::kAbsent},
      {"items", "{ a: [b] }", Combine::kSum, Missing::kZero},
      {"items", "{ a: {max: 3} }", Combine::kSum, Missing::kAbsent},
      {"items", "{ a: [b], c: {max: 3} }", Combine::kSum, Missing::kAbsent},
      {"age_seconds", "{ a: [b] }", Combine::kNone, Missing::kAbsent},
      {"hit_ratio", "{ a: [b] }", Combine::kNone, Missing::kAbsent},
      {"x_timestamp_seconds", "{ a: [b] }", Combine::kNone, Missing::kAbsent},
      {"seconds_spent", "{ a: [b] }", Combine::kSum, Missing::kZero},
  };
  for (const DefaultCase& c : cases) {
    SCOPED_TRACE(std::string(c.name) + " " + c.labels);
    const Query query = Parse("-- gauge: " + std::string(c.name) +
                              "\n-- help: X.\n-- labels: " + c.labels + "\nSELECT 1");
    EXPECT_EQ(query.gauges[0].combine, c.combine);
    EXPECT_EQ(query.gauges[0].missing, c.missing);
  }
}

TEST(GaugeFileTest, TakesWhatTheHeaderLeavesOutFromTheDefaults) {
  GaugeFileDefaults defaults;
  defaults.every = minutes(10);
  defaults.timeout = seconds(20);
  defaults.max_series = 7;
  Query query = Parse("-- gauge: items\n-- help: Items.\nSELECT 1", defaults);
  EXPECT_EQ(query.every, minutes(10));
  EXPECT_EQ(query.timeout, seconds(20));
  EXPECT_EQ(query.keep_for, minutes(30));
  EXPECT_EQ(query.max_series, 7U);
  query = Parse("-- gauge: items\n-- help: Items.\n-- every: 3s\nSELECT 1", defaults);
  EXPECT_EQ(query.timeout, seconds(3));
  EXPECT_EQ(query.keep_for, seconds(9));
  query = Parse("-- gauge: items\n-- help: Items.\n-- timeout: 10m\nSELECT 1", defaults);
  EXPECT_EQ(query.timeout, minutes(10));
}

TEST(GaugeFileTest, OverridesOnlyTheParamsTheHeaderDeclares) {
  GaugeFileDefaults defaults;
  defaults.params = {{"stale_after", "72 hours"}, {"unknown", "1"}};
  const Query query = Parse(
      "-- gauge: items\n-- help: Items.\n-- params: { stale_after: 48 hours, kind: a }\n"
      "SELECT current_setting('tidegauge.stale_after'), current_setting('tidegauge.kind')",
      defaults);
  EXPECT_EQ(query.params,
            (std::map<std::string, std::string>{{"stale_after", "72 hours"}, {"kind", "a"}}));
}

TEST(GaugeFileTest, TakesBlankLinesByteOrderMarkAndCrlf) {
  const Query query = Parse(
      "\xEF\xBB\xBF\r\n \t\r\n-- gauge: items\r\n--help: Items.\r\n--\r\n-- # a remark\r\n"
      "\r\nSELECT 1;\r\n-- the end\r\n");
  EXPECT_EQ(query.gauges[0].name, "items");
  EXPECT_EQ(query.gauges[0].help, "Items.");
  EXPECT_EQ(query.statement, "\r\nSELECT 1");
  EXPECT_EQ(query.statement_line, 7);
}

TEST(GaugeFileTest, KeepsCommentsOfTheStatement) {
  const Query query =
      Parse("-- gauge: items\n-- help: Items.\n\n-- A remark: this stays.\nSELECT 1 -- one\n");
  EXPECT_EQ(query.statement, "\n-- A remark: this stays.\nSELECT 1 -- one");
  EXPECT_EQ(query.statement_line, 3);
}

TEST(GaugeFileTest, CountsTheStatementsLineBehindAHeaderAtTheEnd) {
  EXPECT_EQ(FaultsOf("-- gauge: items\n-- help: Items."),
            "x.sql:2: error: expected a statement below the header, found none: write a SELECT\n"
            "-- help: Items.\n");
}

TEST(GaugeFileTest, TellsAllAndOneFromListsOfDatabases) {
  const std::string head = "-- gauge: items\n-- help: Items.\n-- database: ";
  EXPECT_TRUE(Parse(head + "all\nSELECT 1").all_databases);
  EXPECT_TRUE(Parse(head + "all\nSELECT 1").databases.empty());
  EXPECT_EQ(Parse(head + "app\nSELECT 1").databases, std::vector<std::string>{"app"});
  EXPECT_EQ(Parse(head + "[app]\nSELECT 1").databases, std::vector<std::string>{"app"});
}

TEST(GaugeFileTest, DoesNotCountOtherAgainstMaxSeries) {
  GaugeFileDefaults defaults;
  defaults.max_series = 4;
  const std::string head = "-- gauge: items\n-- help: Items.\n-- labels: ";
  Parse(head + "{ a: [a, b, other], b: [a, b, other] }\nSELECT 1", defaults);
  Parse(head + "{ a: [a, b, c, d], b: {max: 50} }\nSELECT 1", defaults);
  EXPECT_EQ(
      FaultsOf(head + "{ a: [a, b, c], b: [a, b] }\nSELECT 1", defaults),
      "x.sql:3:4: error: 6 series (1 gauge × 3 a × 2 b), and max_series is 4: shorten a list, "
      "or raise 'max_series'\n"
      "-- labels: { a: [a, b, c], b: [a, b] }\n"
      "   ^\n");
}

TEST(GaugeFileTest, ReturnsTheQueryBesideWarnings) {
  std::vector<Fault> faults;
  EXPECT_TRUE(
      ParseGaugeFile("x.sql", "x", "-- gauge: users_total\n-- help: Users\nSELECT 1", {}, faults)
          .has_value());
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].severity, Severity::kWarning);
  EXPECT_EQ(faults[1].severity, Severity::kWarning);
}

TEST(GaugeFileTest, AppendsToTheFaultsItIsGiven) {
  std::vector<Fault> faults = {{.file = "former.sql", .line = 9, .message = "odd"}};
  EXPECT_TRUE(ParseGaugeFile("x.sql", "x", "-- gauge: users\n-- help: Users.\nSELECT 1", {}, faults)
                  .has_value());
  EXPECT_FALSE(ParseGaugeFile("x.sql", "x", "SELECT 1", {}, faults).has_value());
  EXPECT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].file, "former.sql");
}

TEST(GaugeFileTest, RejectsNamesThatAreNoQueryNames) {
  constexpr std::string_view kGood = "-- gauge: users\n-- help: Users.\nSELECT 1";
  for (const char* name : {"x", "a/b", "a_1/b-2/c"})
    EXPECT_EQ(FaultsOf(kGood, {}, name), "") << name;
  for (const char* name : {"", "/a", "a/", "a//b", "A", "a b", "a.b", "../a", "ä"}) {
    EXPECT_EQ(FaultsOf(kGood, {}, name),
              "x.sql: error: expected lower-case letters, digits, '_' and '-' in the file's path, "
              "found '" +
                  std::string(name) + "': rename the file\n");
  }
}

TEST(GaugeFileTest, BoundsHeaderFileAndFaults) {
  const std::string head = "-- gauge: users\n-- help: Users.\n";
  const std::string line = "-- # " + std::string(94, 'x') + "\n";  // 100 bytes
  std::string header = head;
  while (header.size() + line.size() <= 64 * 1024) header += line;
  EXPECT_EQ(FaultsOf(header + "SELECT 1"), "");
  header += line;
  EXPECT_EQ(FaultsOf(header + "SELECT 1"),
            "x.sql:1: error: expected a header of 64 KB at most, found " +
                std::to_string(header.size()) + " bytes\n-- gauge: users\n");
  EXPECT_EQ(FaultsOf(head + "SELECT 1" + std::string(1 << 20, ' ')),
            "x.sql: error: expected a file of 1 MB at most\n");
  std::string many = head;
  for (int i = 0; i < 3'000; ++i) many += "-- zzz" + std::to_string(i) + ": 1\n";
  std::vector<Fault> faults;
  ParseGaugeFile("x.sql", "x", many + "SELECT 1", {}, faults);
  ASSERT_EQ(faults.size(), 201U);
  EXPECT_EQ(FormatFault(faults.back()), "x.sql: error: 2800 more faults are not shown");
}

}  // namespace
}  // namespace tidegauge
