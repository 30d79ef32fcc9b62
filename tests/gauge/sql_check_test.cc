#include "gauge/sql_check.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

using namespace std::string_view_literals;

// "offset: message" of each fault, one a line.
std::string FaultsOf(std::string_view sql) {
  std::string all;
  for (const SqlFault& fault : CheckSql(sql).faults) {
    all += std::to_string(fault.offset) + ": " + fault.message + "\n";
  }
  return all;
}

TEST(SqlCheckTest, PassesWhatOnlyReads) {
  for (
      const std::string_view sql : {
          "SELECT 1"sv,
          "select 1 -- done"sv,
          "SELECT 1;"sv,
          "SELECT 1;\n-- done\n/* and /* nested */ done */ ;\n"sv,
          "(SELECT 1) UNION (SELECT 2)"sv,
          "((SELECT 1) UNION ALL SELECT 2) ORDER BY 1"sv,
          "TABLE items"sv,
          "VALUES (1), (2)"sv,
          "WITH x AS (SELECT 1) SELECT * FROM x"sv,
          "WITH RECURSIVE x(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM x) TABLE x"sv,
          "WITH x AS NOT MATERIALIZED (SELECT 1), y AS MATERIALIZED (TABLE x) (SELECT 1)"sv,
          "-- delete\n/* ; insert */ SELECT 'delete; it''s', \"update;\", $$drop;$$, $a$ $$;' $a$"sv,
          "SELECT E'it\\'s; \\\\', e'a''b;', U&'\\0041;', u&\";\", B'01', x'1F', N';' FROM t"sv,
          "SELECT 'back\\', ';'"sv,  // no escape in a plain string
          "SELECT price$1, \xC3\xA4$x FROM t"sv,
          "SELECT a[1:2], a[(SELECT 1)] FROM t"sv,
          "SELECT update, max(delete), t.insert AS merge FROM t ORDER BY update"sv,
          "WITH update AS (SELECT 1), delete(insert, merge) AS (SELECT 1, 2) SELECT * FROM update"sv,
          "WITH x AS (SELECT 1) SEARCH DEPTH FIRST BY update, delete SET merge SELECT 1"sv,
          "SELECT substring(a FOR update) FROM t"sv,
          "SELECT 1 AS into, 2 AS for, t.into FROM t"sv,
          "SELECT 1 AS \"for\", share FROM t"sv,
          "SELECT a /*\n; */ - -- ;\r -1 FROM t"sv,
          "SELECT '{\"a\": 1}'::jsonb ? 'a', a @> b, 1 <> 2"sv,
          "SELECT 1.5e3, .5, 1e-3, 0x1F"sv,
          "SELECT \"a\"\"b;\""sv,
      }) {
    EXPECT_EQ(FaultsOf(sql), "") << sql;
  }
}

TEST(SqlCheckTest, FindsTheEndOfTheStatement) {
  EXPECT_EQ(CheckSql("SELECT 1").end, 8U);
  EXPECT_EQ(CheckSql("SELECT 1 \n\n").end, 8U);
  EXPECT_EQ(CheckSql("SELECT 1;").end, 8U);
  EXPECT_EQ(CheckSql("SELECT ';' ; -- done ;\n;").end, 11U);
  EXPECT_EQ(CheckSql("SELECT 1 -- done;").end, 17U);
}

TEST(SqlCheckTest, FindsTheParamsItReads) {
  const SqlCheck check = CheckSql(
      "SELECT current_setting('tidegauge.stale_after')::interval,\n"
      "  Current_Setting ( 'Tidegauge.B', true), current_setting('TimeZone'), 'tidegauge.c'");
  ASSERT_EQ(check.params.size(), 2U);
  EXPECT_EQ(check.params[0], (std::pair<std::string, std::size_t>("stale_after", 23)));
  EXPECT_EQ(check.params[1], (std::pair<std::string, std::size_t>("b", 79)));
}

struct Case {
  const char* name;
  std::string_view sql;
  const char* faults;
};

constexpr const char* kReadOnly =
    ", and a gauge is sampled in a read-only transaction: write a query that only reads\n";

TEST(SqlCheckTest, FindsStatementsThatWriteOrLock) {
  const Case cases[] = {
      {"insert", "INSERT INTO t VALUES (1) RETURNING 1", "0: INSERT changes data or takes locks"},
      {"lower case", "delete from t", "0: DELETE changes data or takes locks"},
      {"behind a comment", "/* x */ -- y\n update t SET a = 1",
       "14: UPDATE changes data or takes locks"},
      {"merge", "MERGE INTO t USING u ON a = b", "0: MERGE changes data or takes locks"},
      {"do", "DO $$ BEGIN PERFORM 1; END $$", "0: DO changes data or takes locks"},
      {"copy", "COPY t TO STDOUT", "0: COPY changes data or takes locks"},
      {"in with", "WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x",
       "11: DELETE changes data"},
      {"in the second with",
       "WITH x AS (SELECT 1), y AS MATERIALIZED (UPDATE t SET a = 1 RETURNING a) TABLE y",
       "41: UPDATE changes data"},
      {"behind with", "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
       "21: INSERT changes data"},
      {"behind search", "WITH x AS (SELECT 1) SEARCH DEPTH FIRST BY a SET b DELETE FROM t",
       "51: DELETE changes data"},
      {"with in with", "WITH x AS (WITH y AS (SELECT 1) MERGE INTO t USING y ON true) SELECT 1",
       "32: MERGE changes data"},
      {"into", "SELECT 1 INTO t", "9: SELECT … INTO makes a table"},
      {"into in with", "WITH x AS (SELECT 1) SELECT * INTO TEMP t FROM x",
       "30: SELECT … INTO makes a table"},
      {"for update", "SELECT 1 FROM t FOR UPDATE SKIP LOCKED", "16: FOR UPDATE locks rows"},
      {"for no key update", "SELECT 1 FROM t FOR NO KEY UPDATE", "16: FOR UPDATE locks rows"},
      {"for share", "SELECT 1 FROM (SELECT 1 FROM t FOR SHARE) AS x", "31: FOR SHARE locks rows"},
      {"for key share", "SELECT 1 FROM t FOR KEY SHARE", "16: FOR SHARE locks rows"},
      {"lock", "LOCK t", "0: LOCK changes data or takes locks"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(FaultsOf(c.sql), std::string(c.faults) + kReadOnly) << c.name;
}

TEST(SqlCheckTest, FindsWhatIsNoQuery) {
  const Case cases[] = {
      {"empty", "", "0: expected a statement below the header, found none: write a SELECT\n"},
      {"comments only", "-- x\n /* y */ \n",
       "0: expected a statement below the header, found none: write a SELECT\n"},
      {"semicolon only", " ;", "1: expected a statement before ';', found none: delete it\n"},
      {"semicolon first", ";SELECT 1",
       "0: expected a statement before ';', found none: delete it\n"
       "1: expected one statement, found a second one: give it a file of its own\n"},
      {"second", "SELECT 1; SELECT 2",
       "10: expected one statement, found a second one: give it a file of its own\n"},
      {"third", "SELECT 1; SELECT 2; SELECT 3",
       "10: expected one statement, found a second one: give it a file of its own\n"},
      {"second behind a lone carriage return", "SELECT 1 --\r; DELETE FROM t",
       "14: expected one statement, found a second one: give it a file of its own\n"},
      {"begin", "BEGIN; SELECT 1",
       "0: expected a query that begins with SELECT, WITH, TABLE or VALUES, found BEGIN\n"
       "7: expected one statement, found a second one: give it a file of its own\n"},
      {"set", "SET work_mem = '1GB'",
       "0: expected a query that begins with SELECT, WITH, TABLE or VALUES, found SET: a value for "
       "the statement is a param of the header, a setting of Postgres stands under the database's "
       "'settings' in config.yaml\n"},
      {"explain", "EXPLAIN SELECT 1",
       "0: expected a query that begins with SELECT, WITH, TABLE or VALUES, found EXPLAIN: "
       "'tidegauge check --database' shows the estimated cost\n"},
      {"number", "1",
       "0: expected a query that begins with SELECT, WITH, TABLE or VALUES, found something "
       "else\n"},
      {"bracket", "[1]",
       "0: expected a query that begins with SELECT, WITH, TABLE or VALUES, found something "
       "else\n"},
      {"psql", "SELECT 1 \\gexec\n",
       "9: expected SQL, found the psql command '\\gexec': the statement goes to Postgres as it "
       "is, "
       "delete the command\n"},
      {"psql line", "\\timing on\nSELECT 1;\n\\watch 5\n",
       "0: expected SQL, found the psql command '\\timing': the statement goes to Postgres as it "
       "is, "
       "delete the command\n"
       "21: expected SQL, found the psql command '\\watch': the statement goes to Postgres as it "
       "is, "
       "delete the command\n"},
      {"parameter", "SELECT $1, $22",
       "7: expected no $1: nothing fills it; read a param with "
       "current_setting('tidegauge.<name>')\n"
       "11: expected no $22: nothing fills it; read a param with "
       "current_setting('tidegauge.<name>')\n"},
      {"open string", "SELECT 'a; SELECT 2",
       "7: this string is not closed: expected a single quote\n"},
      {"open escape string", "SELECT e'a\\'",
       "7: this string is not closed: expected a single quote\n"},
      {"open name", "SELECT \"a FROM t", "7: this name is not closed: expected '\"'\n"},
      {"open unicode name", "SELECT U&\"a", "7: this name is not closed: expected '\"'\n"},
      {"open dollar", "SELECT $a$ $$ $b$", "7: this string is not closed: expected $a$\n"},
      {"open comment", "SELECT 1 /* a /* b */", "9: this comment is not closed: expected '*/'\n"},
      {"open parenthesis", "SELECT (1 + (2)", "7: this '(' is not closed\n"},
      {"open bracket", "SELECT a[1", "8: this '[' is not closed\n"},
      {"closed parenthesis", "SELECT 1) AS x, (SELECT 2)", "8: this ')' closes nothing\n"},
      {"crossed", "SELECT a[(1])", "11: this ']' closes nothing\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(FaultsOf(c.sql), c.faults) << c.name;
}

TEST(SqlCheckTest, BoundsItsFaults) {
  std::string sql = "SELECT ";
  for (int i = 0; i < 100'000; ++i) sql += "$1 ";
  EXPECT_EQ(CheckSql(sql).faults.size(), 50U);
  EXPECT_EQ(CheckSql("SELECT " + std::string(500'000, '(')).faults.size(), 1U);
  EXPECT_EQ(CheckSql(std::string(500'000, ';')).faults.size(), 1U);
}

}  // namespace
}  // namespace tidegauge
