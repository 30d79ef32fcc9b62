#include "database/server_error.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

TEST(ServerErrorTest, TakesEveryFieldApart) {
  const auto error = ParseServerError(
      "ERROR:  42703: column \"statu\" does not exist\n"
      "LINE 3: SELECT statu, count(*)\n"
      "               ^\n"
      "HINT:  Perhaps you meant to reference the column \"content_items.status\".\n"
      "LOCATION:  errorMissingColumn, parse_relation.c:3656\n",
      "SELECT * FROM (\n\nSELECT statu, count(*)\n) AS q LIMIT 0");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->sqlstate, "42703");
  EXPECT_EQ(error->message, "column \"statu\" does not exist");
  EXPECT_EQ(error->hint, "Perhaps you meant to reference the column \"content_items.status\".");
  EXPECT_EQ(error->line, 3);
  EXPECT_EQ(error->column, 8);
  EXPECT_EQ(error->function, "errorMissingColumn");
  EXPECT_EQ(error->source, "parse_relation.c");
}

TEST(ServerErrorTest, FindsTheColumnInALineThatLibpqCuts) {
  const std::string start = "SELECT 'ä', " + std::string(90, '1') + ",\t";
  const auto error = ParseServerError(
      "FEHLER:  42703: Spalte »b« existiert nicht\n"
      "LINE 1: ...1111111111111, b, 2222222222222222...\n"
      "                          ^\n"
      "LOCATION:  errorMissingColumn, parse_relation.c:3656\n",
      start + "b, " + std::string(90, '2'));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "Spalte »b« existiert nicht");
  EXPECT_EQ(error->column, 105);
}

TEST(ServerErrorTest, LineOfAFunctionsOwnQueryIsNotTheFiles) {
  const auto error = ParseServerError(
      "ERROR:  42P01: relation \"gone\" does not exist\n"
      "LINE 1: SELECT 1 FROM gone\n"
      "                      ^\n"
      "QUERY:  SELECT 1 FROM gone\n"
      "CONTEXT:  PL/pgSQL function f() line 1 at RETURN\n"
      "LOCATION:  parserOpenTable, parse_relation.c:1392\n",
      "SELECT f()");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->line, 0);
  EXPECT_EQ(error->column, 0);
}

TEST(ServerErrorTest, MessageOfSeveralLinesBecomesOne) {
  const auto error = ParseServerError(
      "ERROR:  P0001: first\n  second\tthird\nDETAIL:  a row value\nof two lines\n"
      "CONTEXT:  somewhere\nLOCATION:  exec_stmt_raise, pl_exec.c:3893\n",
      "");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "first second third");
  EXPECT_EQ(error->hint, "");
}

TEST(ServerErrorTest, ReadsTheServersLastWordBesideLibpqs) {
  const auto error = ParseServerError(
      "FATAL:  57P01: terminating connection due to administrator command\n"
      "LOCATION:  ProcessInterrupts, postgres.c:3241\n"
      "server closed the connection unexpectedly\n"
      "\tThis probably means the server terminated abnormally\n",
      "");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->sqlstate, "57P01");
  EXPECT_EQ(error->message, "terminating connection due to administrator command");
}

TEST(ServerErrorTest, TextWithoutAnSqlstateIsNoServersError) {
  for (const char* text :
       {"", "\n", ":", "server closed the connection unexpectedly\n", "ERROR:  no code here\n",
        "ERROR:  4270", "ERROR:  42703", "a:  b: c", "ERROR:  abcde: lower case is no SQLSTATE"}) {
    EXPECT_FALSE(ParseServerError(text, "")) << text;
  }
}

TEST(ServerErrorTest, TornTextDoesNoHarm) {
  const std::string whole =
      "ERROR:  42703: column \"b\" does not exist\nLINE 1: ...11, b, 22...\n                 ^\n"
      "HINT:  none\nLOCATION:  errorMissingColumn, parse_relation.c:3656\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    ParseServerError(whole.substr(0, size), "SELECT 11, b, 22");
    ParseServerError(whole.substr(size), "SELECT 11, b, 22");
  }
}

}  // namespace
}  // namespace tidegauge
