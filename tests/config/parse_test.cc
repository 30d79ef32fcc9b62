#include "config/parse.h"

#include <gtest/gtest.h>

#include "config/fault_text.h"
#include "config/load.h"

namespace tidegauge {
namespace {

using namespace std::chrono_literals;

Config Parsed(std::string_view text, std::map<std::string, std::string> variables = {}) {
  std::vector<Fault> faults;
  const auto config = ParseConfig("config.yaml", text, EnvironmentOf(std::move(variables)), faults);
  EXPECT_EQ(TextOf(faults), "");
  EXPECT_TRUE(config.has_value());
  return config.value_or(Config{});
}

TEST(ParseConfigTest, TakesEveryKey) {
  const Config config = Parsed(R"(labels: { environment: "${ENVIRONMENT:-dev}", region: eu-1 }
databases:
  app:
    url: ${DATABASE_URL}
    password_file: secrets/password
    max_connections: 4
    settings: { search_path: "app, public", TimeZone: Europe/Berlin }
    params: { stale_after: 72 hours }
    row_security: apply
  reporting:
    url_file: /run/secrets/url
queries: { paths: [queries, more/queries] }
params: { stale_after: 48 hours, share: 0.5 }
defaults: { every: 1m30s, timeout: 250ms }
limits: { series_per_query: 50, series: 5000, rows: 500, connections: 7 }
web: { listen: "[::1]:9000" }
log: { level: debug, format: text }
)",
                               {{"DATABASE_URL", "postgres://u:p@h/db"}});
  Config expected;
  expected.file = "config.yaml";
  expected.labels = {{"environment", "dev"}, {"region", "eu-1"}};
  expected.databases = {
      {.name = "app",
       .url = "postgres://u:p@h/db",
       .password_file = "secrets/password",
       .max_connections = 4,
       .settings = {{"search_path", "app, public"}, {"TimeZone", "Europe/Berlin"}},
       .params = {{"stale_after", "72 hours"}},
       .apply_row_security = true},
      {.name = "reporting", .url_file = "/run/secrets/url"},
  };
  expected.query_paths = {"queries", "more/queries"};
  expected.params = {{"share", "0.5"}, {"stale_after", "48 hours"}};
  expected.every = 90s;
  expected.timeout = 250ms;
  expected.limits = {.series_per_query = 50, .series = 5000, .rows = 500, .connections = 7};
  expected.listen = "[::1]:9000";
  expected.log_level = LogLevel::kDebug;
  expected.log_format = LogFormat::kText;
  EXPECT_EQ(config, expected);
}

TEST(ParseConfigTest, TakesNothingForDefaults) {
  Config expected;
  expected.file = "config.yaml";
  expected.databases = {DatabaseConfig{}};
  for (const char* text : {"", "# only a comment\n", "limits:\nweb:\nlabels:\n", "{}"}) {
    EXPECT_EQ(Parsed(text), expected) << text;
  }
}

TEST(ParseConfigTest, NamesTheOneDatabaseByTheEnvironment) {
  const Config config = Parsed("", {{"DATABASE_URL", "postgres://h/db"}});
  EXPECT_EQ(config.databases,
            (std::vector<DatabaseConfig>{{.name = "app", .url = "postgres://h/db"}}));
  EXPECT_EQ(BuiltInConfig(EnvironmentOf({{"DATABASE_URL", "x"}})).databases[0].url, "x");
}

TEST(ParseConfigTest, LeavesTheEnvironmentAloneWhereDatabasesAreNamed) {
  const Config config = Parsed("databases: { app: }", {{"DATABASE_URL", "postgres://h/db"}});
  EXPECT_EQ(config.databases, (std::vector<DatabaseConfig>{{.name = "app"}}));
}

TEST(ParseConfigTest, KeepsTheOrderOfDatabases) {
  const Config config = Parsed("databases: { zoo: , app: , main: }");
  ASSERT_EQ(config.databases.size(), 3u);
  EXPECT_EQ(config.databases[0].name, "zoo");
  EXPECT_EQ(config.databases[2].name, "main");
}

TEST(ParseConfigTest, TakesPathsAsRelativeToTheFilesFolder) {
  const std::pair<const char*, const char*> cases[] = {{"config.yaml", ""},
                                                       {"etc/config.yaml", "etc"},
                                                       {"/etc/t/c.yaml", "/etc/t"},
                                                       {"/c.yaml", "/"}};
  for (const auto& [file, directory] : cases) {
    std::vector<Fault> faults;
    const auto config = ParseConfig(file, "", EnvironmentOf({}), faults);
    ASSERT_TRUE(config);
    EXPECT_EQ(config->directory, directory) << file;
  }
}

TEST(ParseConfigTest, KeepsYamlInAVariableText) {
  const Config config = Parsed("labels: { team: \"${TEAM}\" }", {{"TEAM", "a: [b, 'c'"}});
  EXPECT_EQ(config.labels.at("team"), "a: [b, 'c'");
}

TEST(ParseConfigTest, KeepsLiteralTextOfParams) {
  const Config config = Parsed("params: { a: no, b: 1.10, c: '', d: \"x\\ny\" }");
  EXPECT_EQ(config.params, (std::map<std::string, std::string>{
                               {"a", "no"}, {"b", "1.10"}, {"c", ""}, {"d", "x\ny"}}));
}

struct Wrong {
  const char* name;
  const char* text;
  const char* faults;  // all of them, with source line and caret
};

class ParseConfigFaultTest : public testing::TestWithParam<Wrong> {};

TEST_P(ParseConfigFaultTest, TellsExactly) {
  std::vector<Fault> faults;
  const Environment environment =
      EnvironmentOf({{"WORD", "expanded-value"}, {"EMPTY", ""}, {"BAD", "\xFF"}});
  EXPECT_FALSE(ParseConfig("config.yaml", GetParam().text, environment, faults));
  EXPECT_EQ(TextOf(faults), GetParam().faults);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, ParseConfigFaultTest,
    testing::Values(
        Wrong{"UnknownWithSuggestion", "limits:\n  rowz: 5\n",
              "config.yaml:2:3: error: unknown key 'rowz' (did you mean 'rows'?)\n"
              "  rowz: 5\n"
              "  ^\n"},
        Wrong{"UnknownWithoutSuggestion", "log: { colour: true }\n",
              "config.yaml:1:8: error: unknown key 'colour'; known here: level, format\n"
              "log: { colour: true }\n"
              "       ^\n"},
        Wrong{"UnknownAtTheTop", "defalts: { every: 1m }\n",
              "config.yaml:1:1: error: unknown key 'defalts' (did you mean 'defaults'?)\n"
              "defalts: { every: 1m }\n"
              "^\n"},
        Wrong{"Duplicate", "log: { level: info }\nlog: { level: warn }\n",
              "config.yaml:2:1: error: duplicate key 'log': it stands on line 1 already\n"
              "log: { level: warn }\n"
              "^\n"},
        Wrong{"SectionIsNoMap", "limits: 5\n",
              "config.yaml:1:9: error: limits: expected a map of keys and values, found text\n"
              "limits: 5\n"
              "        ^\n"},
        Wrong{"FileIsNoMap", "- a\n",
              "config.yaml:1:1: error: expected a map of keys and values, found a list\n"
              "- a\n"
              "^\n"},
        Wrong{"SecondDocument", "log:\n---\nweb:\n",
              "config.yaml:2:1: error: expected one document, found a second one or text behind "
              "the end of the first: delete the '---', or indent the text\n"
              "---\n"
              "^\n"}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Values, ParseConfigFaultTest,
    testing::Values(
        Wrong{"NumberIsText", "limits: { rows: many }\n",
              "config.yaml:1:17: error: limits.rows: expected a whole number from 1 to 10000000, "
              "found 'many'\n"
              "limits: { rows: many }\n"
              "                ^\n"},
        Wrong{"NumberIsZero", "limits: { series: 0 }\n",
              "config.yaml:1:19: error: limits.series: expected a whole number from 1 to 10000000, "
              "found '0'\n"
              "limits: { series: 0 }\n"
              "                  ^\n"},
        Wrong{"NumberIsNegative", "limits: { series_per_query: -1 }\n",
              "config.yaml:1:29: error: limits.series_per_query: expected a whole number from 1 to "
              "1000000, found '-1'\n"
              "limits: { series_per_query: -1 }\n"
              "                            ^\n"},
        Wrong{"NumberIsFraction", "limits: { rows: 1e3 }\n",
              "config.yaml:1:17: error: limits.rows: expected a whole number from 1 to 10000000, "
              "found '1e3'\n"
              "limits: { rows: 1e3 }\n"
              "                ^\n"},
        Wrong{
            "NumberTooLarge", "limits: { connections: 99999999999999999999999 }\n",
            "config.yaml:1:24: error: limits.connections: expected a whole number from 2 to 1000, "
            "found '99999999999999999999999'\n"
            "limits: { connections: 99999999999999999999999 }\n"
            "                       ^\n"},
        Wrong{"NumberMissing", "limits:\n  rows:\n",
              "config.yaml:2:3: error: limits.rows: expected text, found nothing\n"
              "  rows:\n"
              "  ^\n"},
        Wrong{
            "OneSession", "databases:\n  app:\n    max_connections: 1\n",
            "config.yaml:3:22: error: databases.app.max_connections: expected a whole number from "
            "2 to 1000, found '1'\n"
            "    max_connections: 1\n"
            "                     ^\n"},
        Wrong{
            "DurationWithoutUnit", "defaults: { every: 60 }\n",
            "config.yaml:1:20: error: defaults.every: expected a duration from 1s to 52w, such as "
            "30s or 1m30s, found '60'\n"
            "defaults: { every: 60 }\n"
            "                   ^\n"},
        Wrong{
            "EveryTooShort", "defaults: { every: 500ms }\n",
            "config.yaml:1:20: error: defaults.every: expected a duration from 1s to 52w, such as "
            "30s or 1m30s, found '500ms'\n"
            "defaults: { every: 500ms }\n"
            "                   ^\n"},
        Wrong{
            "TimeoutTooShort", "defaults: { timeout: 5ms }\n",
            "config.yaml:1:22: error: defaults.timeout: expected a duration from 10ms to 1d, such "
            "as 30s or 1m30s, found '5ms'\n"
            "defaults: { timeout: 5ms }\n"
            "                     ^\n"},
        Wrong{"ListenWithoutPort", "web: { listen: localhost }\n",
              "config.yaml:1:16: error: web.listen: expected host:port, [IPv6]:port, or :port for "
              "every address, such as 127.0.0.1:9847, found 'localhost'\n"
              "web: { listen: localhost }\n"
              "               ^\n"},
        Wrong{"LogLevel", "log: { level: trace }\n",
              "config.yaml:1:15: error: log.level: expected debug, info, warn or error, found "
              "'trace'\n"
              "log: { level: trace }\n"
              "              ^\n"},
        Wrong{"LogFormat", "log: { format: xml }\n",
              "config.yaml:1:16: error: log.format: expected json or text, found 'xml'\n"
              "log: { format: xml }\n"
              "               ^\n"},
        Wrong{"PathsIsText", "queries: { paths: queries }\n",
              "config.yaml:1:19: error: queries.paths: expected a list of folders, such as "
              "[queries]\n"
              "queries: { paths: queries }\n"
              "                  ^\n"},
        Wrong{"PathsIsEmpty", "queries: { paths: [] }\n",
              "config.yaml:1:19: error: queries.paths: expected a list of folders, such as "
              "[queries]\n"
              "queries: { paths: [] }\n"
              "                  ^\n"},
        Wrong{"ParamIsList", "params: { a: [1] }\n",
              "config.yaml:1:14: error: params.a: expected text, found a list\n"
              "params: { a: [1] }\n"
              "             ^\n"},
        Wrong{"ParamName", "params: { Stale-After: 1 }\n",
              "config.yaml:1:11: error: param 'Stale-After' is no name: expected small letters, "
              "digits and '_', a letter first\n"
              "params: { Stale-After: 1 }\n"
              "          ^\n"}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Labels, ParseConfigFaultTest,
    testing::Values(
        Wrong{"Underscores", "labels: { __a: b }\n",
              "config.yaml:1:11: error: label '__a' begins with '__', which Prometheus keeps for "
              "itself: choose another name\n"
              "labels: { __a: b }\n"
              "          ^\n"},
        Wrong{"Job", "labels: { job: b }\n",
              "config.yaml:1:11: error: label 'job' is one that Prometheus sets itself: choose "
              "another name\n"
              "labels: { job: b }\n"
              "          ^\n"},
        Wrong{"Database", "labels: { database: b }\n",
              "config.yaml:1:11: error: label 'database' is one that Tidegauge sets itself: choose "
              "another name\n"
              "labels: { database: b }\n"
              "          ^\n"},
        Wrong{"LogKey", "labels: { service: b }\n",
              "config.yaml:1:11: error: label 'service' is a key of every log line: choose another "
              "name\n"
              "labels: { service: b }\n"
              "          ^\n"},
        Wrong{
            "BadName", "labels: { my-label: b }\n",
            "config.yaml:1:11: error: label 'my-label' is no name: expected small letters, digits "
            "and '_', a letter first\n"
            "labels: { my-label: b }\n"
            "          ^\n"},
        Wrong{
            "EmptyValue", "labels: { environment: \"${EMPTY}\" }\n",
            "config.yaml:1:24: error: label 'environment' is empty, which Prometheus takes for no "
            "label: give it a value, or leave it out\n"
            "labels: { environment: \"${EMPTY}\" }\n"
            "                       ^\n"},
        Wrong{"NotUtf8", "labels: { environment: \"${BAD}\" }\n",
              "config.yaml:1:24: error: labels.environment: is not UTF-8: write it in UTF-8\n"
              "labels: { environment: \"${BAD}\" }\n"
              "                       ^\n"}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Databases, ParseConfigFaultTest,
    testing::Values(
        Wrong{"None", "databases: {}\n",
              "config.yaml:1:12: error: databases: expected at least one, found none: name one, or "
              "leave the key out to use DATABASE_URL or libpq's own variables (PGHOST, …)\n"
              "databases: ***\n"
              "           ^\n"},
        Wrong{
            "BadName", "databases:\n  My App:\n",
            "config.yaml:2:3: error: database 'My App' is no name: expected small letters, digits, "
            "'_' and '-', a letter or digit first\n"},
        Wrong{"All", "databases:\n  all:\n",
              "config.yaml:2:3: error: database 'all' cannot be a name: in a gauge file it means "
              "every database\n"
              "  all:\n"
              "  ^\n"},
        Wrong{"UrlAndUrlFile", "databases:\n  app:\n    url: postgres://h/db\n    url_file: f\n",
              "config.yaml:2:3: error: database 'app' has both 'url' and 'url_file': leave one of "
              "them out\n"
              "  app:\n"
              "  ^\n"},
        Wrong{"UrlIsEmpty", "databases:\n  app:\n    url: \"${EMPTY}\"\n",
              "config.yaml:3:10: error: databases.app.url: is empty: give it a value, or leave the "
              "key out\n"
              "    url: ***\n"
              "         ^\n"},
        Wrong{"UrlFromUnset", "databases:\n  app:\n    url: ${DATABASE_URL}\n",
              "config.yaml:3:10: error: databases.app.url: environment variable 'DATABASE_URL' is "
              "not set: set it, or write ${DATABASE_URL:-default}\n"
              "    url: ***\n"
              "         ^\n"},
        Wrong{
            "RowSecurity", "databases:\n  app:\n    row_security: on\n",
            "config.yaml:3:19: error: databases.app.row_security: expected refuse or apply, found "
            "'on'\n"
            "    row_security: on\n"
            "                  ^\n"},
        Wrong{
            "SettingOfOurs", "databases:\n  app:\n    settings:\n      Statement_Timeout: 0\n",
            "config.yaml:4:7: error: setting 'Statement_Timeout' cannot be set: write the query's "
            "'timeout' or defaults.timeout\n"
            "      Statement_Timeout: ***\n"
            "      ^\n"},
        Wrong{"SettingIsParam", "databases:\n  app:\n    settings:\n      tidegauge.a: 0\n",
              "config.yaml:4:7: error: setting 'tidegauge.a' is a param: write it under 'params', "
              "without 'tidegauge.'\n"
              "      tidegauge.a: ***\n"
              "      ^\n"},
        Wrong{"SettingName", "databases:\n  app:\n    settings:\n      a;b: 0\n",
              "config.yaml:4:7: error: setting 'a;b' is no name of a Postgres setting\n"}),
    [](const auto& info) { return "Database" + std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Variables, ParseConfigFaultTest,
    testing::Values(
        Wrong{"ExpandedValueIsNotShown", "limits: { rows: \"${WORD}\" }\n",
              "config.yaml:1:17: error: limits.rows: expected a whole number from 1 to 10000000, "
              "found '${WORD}'\n"
              "limits: { rows: \"${WORD}\" }\n"
              "                ^\n"},
        Wrong{
            "SeveralFaultsInOrder",
            "web: { listen: x }\nlimits: { rows: \"${GONE}\", serie: 1 }\nwebb:\n",
            "config.yaml:1:16: error: web.listen: expected host:port, [IPv6]:port, or :port for "
            "every address, such as 127.0.0.1:9847, found 'x'\n"
            "web: { listen: x }\n"
            "               ^\n"
            "config.yaml:2:17: error: limits.rows: environment variable 'GONE' is not set: set it, "
            "or write ${GONE:-default}\n"
            "limits: { rows: \"${GONE}\", serie: 1 }\n"
            "                ^\n"
            "config.yaml:2:28: error: unknown key 'serie' (did you mean 'series'?)\n"
            "limits: { rows: \"${GONE}\", serie: 1 }\n"
            "                           ^\n"
            "config.yaml:3:1: error: unknown key 'webb' (did you mean 'web'?)\n"
            "webb:\n"
            "^\n"}),
    [](const auto& info) { return info.param.name; });

TEST(DraftConfigTest, GivesWhatCouldBeUnderstood) {
  std::vector<Fault> faults;
  const auto draft = DraftConfig(
      "config.yaml", "databases: { app: { max_connections: 1 }, two: }\ndefaults: { every: 2m }\n",
      EnvironmentOf({}), faults);
  ASSERT_TRUE(draft);
  EXPECT_EQ(faults.size(), 1u);
  EXPECT_EQ(draft->databases.size(), 2u);
  EXPECT_EQ(draft->every, 2min);
}

TEST(DraftConfigTest, GivesNothingWhereTheTextIsNoYaml) {
  std::vector<Fault> faults;
  EXPECT_FALSE(DraftConfig("config.yaml", "a: [\n", EnvironmentOf({}), faults));
  EXPECT_TRUE(HasErrors(faults));
}

}  // namespace
}  // namespace tidegauge
