// What Postgres' types are to a gauge, as a real server describes them.
#include "database/types.h"

#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "database/test_server.h"
#include "gauge/statement.h"

namespace tidegauge {
namespace {

using TypesTest = ServerTest;

TEST_F(TypesTest, KnownTypesAreTheServersOwn) {
  pqxx::connection connection;
  pqxx::nontransaction work(connection);
  int known = 0;
  for (const pqxx::row row :
       work.exec("SELECT oid, format_type(oid, NULL) FROM pg_type WHERE oid < 16384")) {
    const KnownType* type = FindKnownType(row[0].as<std::uint32_t>());
    if (type == nullptr) continue;
    ++known;
    EXPECT_EQ(std::string(type->name), row[1].c_str());
  }
  EXPECT_EQ(known, 41);  // every one of the table, in order: the search found it
}

TEST_F(TypesTest, DescribesColumns) {
  Run("CREATE EXTENSION citext;"
      "CREATE TYPE mood AS ENUM ('calm', 'rough');"
      "CREATE TYPE pair AS (a int, b int);"
      "CREATE TYPE span AS RANGE (subtype = numeric);"
      "CREATE SCHEMA app; CREATE TYPE app.level AS ENUM ('low');"
      "GRANT USAGE ON SCHEMA app TO PUBLIC;"
      "CREATE DOMAIN positive AS numeric(10, 2) CHECK (VALUE > 0);"
      "CREATE DOMAIN short AS varchar(10); CREATE DOMAIN shorter AS short;"
      "CREATE DOMAIN feeling AS mood; CREATE DOMAIN list AS int[]");
  struct Case {
    const char* expression;
    ColumnType type;
    const char* name;
  };
  using enum ColumnType;
  const Case cases[] = {
      {"1::smallint", kInteger, "smallint"},
      {"1", kInteger, "integer"},
      {"1::bigint", kInteger, "bigint"},
      {"1::oid", kInteger, "oid"},
      {"1.5", kNumeric, "numeric"},
      {"1.5::numeric(10, 2)", kNumeric, "numeric"},
      {"extract(epoch FROM now())", kNumeric, "numeric"},
      {"1::real", kFloat, "real"},
      {"1::float8", kFloat, "double precision"},
      {"true", kBoolean, "boolean"},
      {"'x'", kText, "text"},
      {"'x'::char(5)", kText, "character"},
      {"'x'::varchar(5)", kText, "character varying"},
      {"'x'::name", kText, "name"},
      {"'x'::citext", kText, "citext"},
      {"'calm'::mood", kText, "mood"},
      {"'low'::app.level", kText, "app.level"},
      {"gen_random_uuid()", kText, "uuid"},
      {"'127.0.0.1'::inet", kText, "inet"},
      {"now()", kTimestamp, "timestamp with time zone"},
      {"now()::timestamp", kTimestamp, "timestamp without time zone"},
      {"current_date", kDate, "date"},
      {"interval '1 day'", kInterval, "interval"},
      {"'{}'::json", ColumnType::kOther, "json"},
      {"'{}'::jsonb", ColumnType::kOther, "jsonb"},
      {"'{1}'::int[]", ColumnType::kOther, "integer[]"},
      {"ARRAY['calm'::mood]", ColumnType::kOther, "mood[]"},
      {"'[1,2)'::int4range", ColumnType::kOther, "int4range"},
      {"'[1,2)'::span", ColumnType::kOther, "span"},
      {"(1, 2)::pair", ColumnType::kOther, "pair"},
      {"ROW(1, 2)", ColumnType::kOther, "record"},
      {"'x'::bytea", ColumnType::kOther, "bytea"},
      {"1::money", ColumnType::kOther, "money"},
      {"'(1,2)'::point", ColumnType::kOther, "point"},
      {"'12:00'::time", ColumnType::kOther, "time without time zone"},
      {"1::positive", kNumeric, "numeric"},
      {"'x'::shorter", kText, "character varying"},
      {"'calm'::feeling", kText, "mood"},
      {"'{1}'::list", ColumnType::kOther, "integer[]"},
  };
  const auto session = Connect();
  session->Begin(Options(), Soon());
  std::string all;
  std::size_t i = 0;
  for (const Case& c : cases) {
    all += (all.empty() ? "SELECT " : ", ") + std::string(c.expression) + " AS c" +
           std::to_string(i++);
  }
  const std::vector<Column> columns = session->Describe(DescribeStatement(FileQuery(all)));
  ASSERT_EQ(columns.size(), std::size(cases));
  const auto rows = session->Fetch(all);
  for (i = 0; i < columns.size(); ++i) {
    SCOPED_TRACE(cases[i].expression);
    EXPECT_EQ(columns[i].name, "c" + std::to_string(i));
    EXPECT_EQ(columns[i].type, cases[i].type);
    EXPECT_EQ(columns[i].type_name, cases[i].name);
    EXPECT_EQ(columns[i].type_oid, rows->TypeOid(i));
  }
  session->Rollback();
}

TEST_F(TypesTest, DescribesDuplicateAndNamelessColumns) {
  const auto session = Connect();
  session->Begin(Options(), Soon());
  const auto columns = session->Describe(
      DescribeStatement(FileQuery("SELECT 1 AS a, 2 AS a, 3, 4 AS \"Odd \"\"x\"")));
  ASSERT_EQ(columns.size(), 4u);
  EXPECT_EQ(columns[0].name, "a");
  EXPECT_EQ(columns[1].name, "a");
  EXPECT_EQ(columns[2].name, "?column?");
  EXPECT_EQ(columns[3].name, "Odd \"x");
  session->Rollback();
}

}  // namespace
}  // namespace tidegauge
