// `check --database` and `sample` of what `new` writes, on a real Postgres.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <memory>

#include "commands/command_test.h"

namespace tidegauge {
namespace {

class CheckDatabaseTest : public CommandTest {
 protected:
  static void SetUpTestSuite() {
    Execute("DROP TABLE IF EXISTS items, locked");
    Execute("CREATE TABLE items (status text, entered_at timestamptz)");
    Execute("CREATE TABLE locked (id int)");
    Execute("DROP ROLE IF EXISTS check_reader");
    Execute("CREATE ROLE check_reader LOGIN");
    Execute("GRANT SELECT ON items TO check_reader");
  }
  static void TearDownTestSuite() {
    Execute("DROP TABLE items, locked");
    Execute("DROP ROLE check_reader");
  }

  void SetUp() override {
    CommandTest::SetUp();
    directory_.Write("config.yaml", "databases: { app: { url: \"user=check_reader\" } }\n");
  }

  static void Execute(const char* sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(""), PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql),
                                                               PQclear);
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_COMMAND_OK) << PQerrorMessage(connection.get());
  }
};

TEST_F(CheckDatabaseTest, PrintsColumnsTypesAndCost) {
  directory_.Write("queries/items.sql",
                   "-- gauges:\n"
                   "--   app_items: { value: n, help: Items. }\n"
                   "--   app_oldest_timestamp_seconds: { value: oldest, help: The oldest. }\n"
                   "-- labels: { status: [open] }\n"
                   "SELECT status, count(*) AS n, extract(epoch FROM min(entered_at)) AS oldest\n"
                   "FROM items GROUP BY status;\n");
  const CommandResult result = Run({"check", "--database"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const std::string head = "queries/items.sql on app: estimated cost ";
  ASSERT_EQ(result.out.substr(0, head.size()), head);
  EXPECT_GT(std::stod(result.out.substr(head.size())), 0.0);
  EXPECT_EQ(result.out.substr(result.out.find('\n') + 1),
            "  status  text     label\n"
            "  n       bigint   value of app_items\n"
            "  oldest  numeric  value of app_oldest_timestamp_seconds\n"
            "1 query, 2 gauges: no faults\n");
}

TEST_F(CheckDatabaseTest, TellsFaultsOfTheDatabaseAtTheirLine) {
  directory_.Write("queries/a.sql",
                   "-- gauge: app_first\n-- help: A.\nSELECT count(*) AS value\nFROM "
                   "items\nWHERE 'ü' = statu\n");
  directory_.Write(
      "queries/b.sql",
      "-- gauge: app_second\n-- help: B.\nSELECT count(*) AS valu, 1 AS b FROM items\n");
  directory_.Write("queries/c.sql",
                   "-- gauge: app_third\n-- help: C.\nSELECT count(*) AS value FROM locked\n");
  directory_.Write("queries/d.sql",
                   "-- gauge: app_fourth\n-- help: D.\nSELECT count(*) AS value FROM items\n");
  const CommandResult result = Run({"check", "--database"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out.find("queries/d.sql on app: estimated cost "), 0u) << result.out;
  const std::string first =
      "queries/a.sql:5:14: error: column \"statu\" does not exist (42703); Perhaps you meant to "
      "reference the column \"items.status\".\n"
      "WHERE 'ü' = statu\n"
      "            ^\n"
      "queries/b.sql: error: ";
  EXPECT_EQ(result.err.substr(0, first.size()), first);
  EXPECT_NE(result.err.find("queries/c.sql: error: permission denied for table locked (42501); as "
                            "its owner: GRANT SELECT ON locked TO check_reader;\n3 errors\n"),
            std::string::npos)
      << result.err;
}

TEST_F(CheckDatabaseTest, RunsNothing) {
  directory_.Write("queries/slow.sql",
                   "-- gauge: app_slow\n-- help: Slow.\n-- timeout: 100ms\n"
                   "SELECT count(*) AS value FROM items, pg_sleep(600)\n");
  const CommandResult result = Run({"check", "--database"});
  EXPECT_EQ(result.code, 0) << result.err;
}

TEST_F(CheckDatabaseTest, EndsWithCodeThreeWhereADatabaseCannotBeReached) {
  directory_.Write("config.yaml",
                   "databases:\n  app: { url: \"user=check_reader\" }\n"
                   "  gone: { url: \"user=check_reader dbname=gone_database\" }\n");
  directory_.Write("queries/a.sql",
                   "-- gauge: app_first\n-- help: A.\n-- database: all\nSELECT 1 AS value\n");
  directory_.Write("queries/b.sql",
                   "-- gauge: app_second\n-- help: B.\n-- database: gone\nSELECT 1 AS value\n");
  const CommandResult result = Run({"check", "--database"});
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out.find("queries/a.sql on app: "), 0u) << result.out;
  EXPECT_EQ(result.err.find("tidegauge: error: "), 0u) << result.err;
  EXPECT_NE(result.err.find("gone_database"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << "told once: " << result.err;
}

TEST_F(CheckDatabaseTest, NamesTheDatabaseOfAFaultWhereThereAreSeveral) {
  directory_.Write("config.yaml",
                   "databases:\n  one: { url: \"user=check_reader\" }\n"
                   "  two: { url: \"user=check_reader\", params: { days: none } }\n");
  directory_.Write(
      "queries/a.sql",
      "-- gauge: app_first\n-- help: A.\n-- database: all\nSELECT x AS value FROM items\n");
  const CommandResult result = Run({"check", "--database"});
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("(42703) (database one)\n"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("(42703) (database two)\n"), std::string::npos) << result.err;
}

TEST_F(CheckDatabaseTest, WarnsOfARoleThatMayWrite) {
  directory_.Write("config.yaml", "databases: { app: }\n");
  directory_.Write("queries/a.sql", "-- gauge: app_first\n-- help: A.\nSELECT 1 AS value\n");
  const CommandResult lenient = Run({"check", "--database"});
  EXPECT_EQ(lenient.code, 0);
  EXPECT_NE(lenient.err.find("config.yaml: warning: database 'app': role "), std::string::npos)
      << lenient.err;
  EXPECT_EQ(Run({"check", "--database", "--strict"}).code, 1);
}

TEST_F(CheckDatabaseTest, WhatNewWritesRunsOnceItsTableIsReal) {
  ASSERT_EQ(Run({"new", "workflow/items"}).code, 0);
  const CommandResult wrong = Run({"check", "--database"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("relation \"my_table\" does not exist"), std::string::npos) << wrong.err;

  std::ifstream in("queries/workflow/items.sql");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("FROM my_table"), 13, "FROM items");
  directory_.Write("queries/workflow/items.sql", text);
  EXPECT_EQ(Run({"check", "--database", "--strict"}).code, 0);
  const CommandResult sample = Run({"sample", "workflow/items", "--format", "prometheus"});
  EXPECT_EQ(sample.code, 0) << sample.err;
  EXPECT_NE(sample.out.find("workflow_items{database=\"app\",status=\"open\"} 0\n"),
            std::string::npos)
      << sample.out;
}

}  // namespace
}  // namespace tidegauge
