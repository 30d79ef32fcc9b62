#include "commands/check.h"

#include "commands/check_database.h"
#include "commands/command_test.h"

namespace tidegauge {
namespace {

constexpr std::string_view kItems =
    "-- gauge: app_items\n"
    "-- help: Items by status.\n"
    "-- labels: { status: [open, done] }\n"
    "SELECT status, count(*) AS value FROM items GROUP BY status;\n";

class CheckTest : public CommandTest {};

TEST_F(CheckTest, CountsQueriesAndGauges) {
  directory_.Write("queries/items.sql", kItems);
  directory_.Write("queries/more.sql",
                   "-- gauges:\n--   app_first: { value: x, help: X. }\n--   app_second: { value: "
                   "y, help: Y. }\n"
                   "SELECT 1 AS x, 2 AS y\n");
  const CommandResult result = Run({"check"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "2 queries, 3 gauges: no faults\n");
  EXPECT_EQ(result.err, "");
}

TEST_F(CheckTest, TellsFaultsOfConfigAndGaugeFilesInOneRun) {
  directory_.Write("config.yaml", "limits: { rows: 0 }\n");
  directory_.Write("queries/items.sql", "-- gauge: app_items\n-- evry: 1m\nSELECT 1 AS value\n");
  const CommandResult result = Run({"check"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(
      result.err.find("config.yaml:1:17: error: limits.rows: expected a whole number from 1 to "
                      "10000000, found '0'\nlimits: { rows: 0 }\n                ^\n"),
      0u)
      << result.err;
  EXPECT_NE(result.err.find("queries/items.sql:2:4: error: unknown key 'evry' (did you mean "
                            "'every'?)\n-- evry: 1m\n   ^\n"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find(" errors\n"), std::string::npos) << result.err;
}

TEST_F(CheckTest, SaysWhereGaugeFilesWereNotChecked) {
  directory_.Write("config.yaml", "limits: {\n");
  const CommandResult result = Run({"check"});
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("the gauge files were not checked: they need the config\n1 error\n"),
            std::string::npos)
      << result.err;
}

TEST_F(CheckTest, WarningsAreErrorsOnlyUnderStrict) {
  directory_.Write("queries/items.sql",
                   "-- gauge: app_items\n-- help: No full stop\nSELECT 1 AS value\n");
  const CommandResult lenient = Run({"check"});
  EXPECT_EQ(lenient.code, 0);
  EXPECT_EQ(lenient.out, "1 query, 1 gauge: no errors, 1 warning\n");
  EXPECT_NE(lenient.err.find("queries/items.sql:2:"), std::string::npos) << lenient.err;
  EXPECT_NE(lenient.err.find(": warning: "), std::string::npos) << lenient.err;
  const CommandResult strict = Run({"check", "--strict"});
  EXPECT_EQ(strict.code, 1);
  EXPECT_EQ(strict.out, "");
  EXPECT_NE(strict.err.find("\n1 warning (errors under --strict)\n"), std::string::npos)
      << strict.err;
}

TEST_F(CheckTest, ChecksNamedFilesAlone) {
  directory_.Write("queries/broken.sql", "SELECT 1");
  const std::string file = directory_.Write("draft.sql", kItems);
  const CommandResult result = Run({"check", file});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "1 query, 1 gauge: no faults\n");
  EXPECT_EQ(Run({"check", "gone.sql"}).err,
            "gone.sql: error: cannot be read: No such file or directory\n1 error\n");
}

TEST_F(CheckTest, PrintsHowToSetParamsInAnEditor) {
  directory_.Write("config.yaml", "params: { stale_after: it's }\n");
  directory_.Write("queries/items.sql",
                   "-- gauge: app_items\n-- help: Items.\n"
                   "-- params: { stale_after: 1 hour, limit: 5 }\nSELECT 1 AS value\n");
  EXPECT_EQ(Run({"check"}).out,
            "queries/items.sql: to run it in an SQL editor, first run\n"
            "  SET tidegauge.\"limit\" = '5';\n"
            "  SET tidegauge.stale_after = 'it''s';\n"
            "1 query, 1 gauge: no faults\n");
}

TEST_F(CheckTest, ShowsNoSecretOfTheEnvironment) {
  directory_.Write("queries/items.sql", kItems);
  directory_.Write("config.yaml", "databases:\n  app:\n    ulr: ${DATABASE_URL}\n");
  setenv("DATABASE_URL", "postgres://u:hunter2@h/db", 1);
  const CommandResult result = Run({"check"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.err.find("hunter2"), std::string::npos) << result.err;
}

TEST(FaultOfMessageTest, TakesThePlaceOutOfTheMessage) {
  struct Case {
    const char* message;
    int line;
    int column;
    const char* rest;
  };
  for (const Case& c :
       {Case{"a.sql:5:7: no column", 5, 7, "no column"},
        Case{"a.sql:5: no column", 5, 0, "no column"}, Case{"a.sql: no column", 0, 0, "no column"},
        Case{"no column", 0, 0, "no column"}, Case{"a.sql:x: no column", 0, 0, "x: no column"}}) {
    const Fault fault = FaultOfMessage("a.sql", c.message);
    EXPECT_EQ(fault.file, "a.sql");
    EXPECT_EQ(fault.line, c.line) << c.message;
    EXPECT_EQ(fault.column, c.column) << c.message;
    EXPECT_EQ(fault.message, c.rest);
  }
}

}  // namespace
}  // namespace tidegauge
