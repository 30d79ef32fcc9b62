#include "gauge/statement.h"

#include <gtest/gtest.h>

#include "gauge/fake_rows.h"

namespace tidegauge {
namespace {

using test::Closed;
using test::MakeQuery;

TEST(StatementTest, DescribesWithoutARow) {
  Query query = MakeQuery({});
  query.statement = "SELECT count(*) AS value FROM t";
  EXPECT_EQ(DescribeStatement(query),
            "SELECT * FROM (SELECT count(*) AS value FROM t\n) AS q LIMIT 0");
}

TEST(StatementTest, PutsTheStatementOnTheLineOfItsFile) {
  Query query = MakeQuery({});
  query.statement = "SELECT 1 AS value -- one";
  query.statement_line = 4;
  EXPECT_EQ(DescribeStatement(query),
            "SELECT * FROM (\n\n\nSELECT 1 AS value -- one\n) AS q LIMIT 0");
}

TEST(StatementTest, FetchesLabelsBoundedThenEachValueOnce) {
  Query query = MakeQuery({Closed("status", {"a"}), Closed("kind", {"b"})});
  query.gauges.resize(3);
  query.statement = "SELECT * FROM t";
  query.statement_line = 2;
  const Projection projection = {
      {test::MakeColumn("status", ColumnType::kText), test::MakeColumn("kind", ColumnType::kText)},
      {test::MakeColumn("value", ColumnType::kInteger),
       test::MakeColumn("Old\"est", ColumnType::kNumeric)},
      {0, 1, 0}};
  EXPECT_EQ(FetchStatement(query, projection, 10'000),
            "SELECT left(q.\"status\"::text, 129), left(q.\"kind\"::text, 129), q.\"value\", "
            "q.\"Old\"\"est\" FROM (\nSELECT * FROM t\n) AS q LIMIT 10001");
}

TEST(StatementTest, QuotesIdentifiers) {
  EXPECT_EQ(QuoteIdentifier("status"), "\"status\"");
  EXPECT_EQ(QuoteIdentifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(QuoteIdentifier(""), "\"\"");
}

TEST(StatementTest, QuotesLiteralsUnderAnyStringSetting) {
  EXPECT_EQ(QuoteLiteral("48 hours"), "'48 hours'");
  EXPECT_EQ(QuoteLiteral("it's"), "'it''s'");
  EXPECT_EQ(QuoteLiteral("\\' OR 1"), "E'\\\\'' OR 1'");
  EXPECT_EQ(QuoteLiteral(""), "''");
}

}  // namespace
}  // namespace tidegauge
