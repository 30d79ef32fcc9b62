// A sample's way through a session: begin, describe, fetch, roll back.

#include <gtest/gtest.h>

#include "database/database.h"
#include "database/test_server.h"
#include "gauge/statement.h"

namespace tidegauge {
namespace {

using SessionTest = ServerTest;

std::string FetchOne(Session& session, const std::string& expression) {
  const auto rows = session.Fetch("SELECT " + expression);
  return std::string(rows->Get(0, 0).value_or("NULL"));
}

TEST_F(SessionTest, FetchesWhatTheStatementGives) {
  const auto session = Connect();
  session->Begin(Options(), Soon());
  const Query query =
      FileQuery("SELECT * FROM (VALUES ('draft', 3), (NULL, 4)) AS v (status, value)");
  const std::vector<Column> columns = session->Describe(DescribeStatement(query));
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns[0].name, "status");
  EXPECT_EQ(columns[0].type, ColumnType::kText);
  EXPECT_EQ(columns[1].name, "value");
  EXPECT_EQ(columns[1].type, ColumnType::kInteger);

  Projection projection;
  projection.labels = {columns[0]};
  projection.values = {columns[1]};
  const auto rows = session->Fetch(FetchStatement(query, projection, 100));
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(rows->Get(0, 0), "draft");
  EXPECT_EQ(rows->Get(0, 1), "3");
  EXPECT_EQ(rows->Get(1, 0), std::nullopt);
  EXPECT_EQ(rows->TypeOid(1), columns[1].type_oid);
  session->Rollback();
}

TEST_F(SessionTest, SetsWhatHoldsInTheTransactionAndNothingBeyond) {
  DatabaseConfig config = ReaderConfig();
  config.settings = {{"search_path", "app, public"}, {"work_mem", "5MB"}};
  Run("CREATE SCHEMA app; CREATE TABLE app.hidden (); GRANT USAGE ON SCHEMA app TO " + reader_ +
      "; GRANT SELECT ON app.hidden TO " + reader_);
  const auto session = Connect(config);
  TransactionOptions options = Options(std::chrono::milliseconds(1500));
  options.query_name = "workflow/" + std::string(80, 'x');
  options.params = {{"stale_after", "48 hours"}, {"odd", "it's \\ $1 ; DROP TABLE x"}};
  session->Begin(options, Soon());

  const std::pair<const char*, const char*> expected[] = {
      {"transaction_isolation", "read committed"},
      {"transaction_read_only", "on"},
      {"statement_timeout", "1500ms"},
      {"lock_timeout", "750ms"},
      {"idle_in_transaction_session_timeout", "3500ms"},
      {"row_security", "off"},
      {"max_parallel_workers_per_gather", "0"},
      {"client_connection_check_interval", "500ms"},
      {"TimeZone", "UTC"},
      {"search_path", "app, public"},
      {"work_mem", "5MB"},
      {"client_encoding", "UTF8"},
      {"tidegauge.stale_after", "48 hours"},
      {"tidegauge.odd", "it's \\ $1 ; DROP TABLE x"},
  };
  for (const auto& [name, value] : expected) {
    EXPECT_EQ(FetchOne(*session, "current_setting('" + std::string(name) + "')"), value) << name;
  }
  const std::string application = FetchOne(*session, "current_setting('application_name')");
  EXPECT_EQ(application, "tidegauge/workflow/" + std::string(44, 'x'));
  EXPECT_EQ(FetchOne(*session, "count(*)::text FROM hidden"), "0");
  session->Rollback();

  EXPECT_EQ(
      Admin("SELECT application_name FROM pg_stat_activity WHERE usename = '" + reader_ + "'"),
      "tidegauge");
}

TEST_F(SessionTest, TimeZoneOfTheSettingsHolds) {
  DatabaseConfig config = ReaderConfig();
  config.settings = {{"timezone", "Europe/Berlin"}};
  const auto session = Connect(config);
  session->Begin(Options(), Soon());
  EXPECT_EQ(FetchOne(*session, "current_setting('TimeZone')"), "Europe/Berlin");
  session->Rollback();
}

TEST_F(SessionTest, SettingsCannotTakeBackReadOnly) {
  for (const char* name : {"transaction_read_only", "transaction_isolation"}) {
    DatabaseConfig config = ReaderConfig();
    config.settings = {{name, name[12] == 'r' ? "off" : "serializable"}};
    const auto session = Connect(config);
    const DatabaseError error = ErrorOf([&] { session->Begin(Options(), Soon()); });
    EXPECT_EQ(error.failure().reason, Reason::kSql) << error.what();
    EXPECT_FALSE(error.session_lost());
  }
}

TEST_F(SessionTest, ServersDefaultsDoNotMatter) {
  Run("ALTER ROLE " + reader_ + " SET default_transaction_isolation = 'serializable'");
  Run("ALTER ROLE " + reader_ + " SET statement_timeout = '1h'");
  Run("ALTER ROLE " + reader_ + " SET standard_conforming_strings = off");
  const auto session = Connect();
  TransactionOptions options = Options();
  options.params = {{"odd", "a\\'b"}};
  session->Begin(options, Soon());
  EXPECT_EQ(FetchOne(*session, "current_setting('transaction_isolation')"), "read committed");
  EXPECT_EQ(FetchOne(*session, "current_setting('statement_timeout')"), "20s");
  EXPECT_EQ(FetchOne(*session, "current_setting('tidegauge.odd')"), "a\\'b");
  session->Rollback();
}

TEST_F(SessionTest, UsersOwnConnectionOptionsHold) {
  DatabaseConfig config = ReaderConfig();
  config.url += " application_name=mine client_encoding=LATIN1";
  const auto session = Connect(config);
  session->Begin(Options(), Soon());
  EXPECT_EQ(FetchOne(*session, "current_setting('client_encoding')"), "LATIN1");
  session->Rollback();
  EXPECT_EQ(
      Admin("SELECT application_name FROM pg_stat_activity WHERE usename = '" + reader_ + "'"),
      "mine");
}

TEST_F(SessionTest, GoesOnAfterAServersError) {
  const auto session = Connect();
  for (int i = 0; i < 3; ++i) {
    session->Begin(Options(), Soon());
    EXPECT_FALSE(ErrorOf([&] { session->Fetch("SELECT nonsense"); }).session_lost());
    session->Rollback();
  }
  session->Begin(Options(), Soon());
  EXPECT_EQ(FetchOne(*session, "'fine'"), "fine");
  session->Rollback();
  session->Rollback();  // no transaction is open: nothing to do
  session->Probe(Soon());
}

TEST_F(SessionTest, FailedBeginRollsBackAndNamesTheSetting) {
  DatabaseConfig config = ReaderConfig();
  config.name = "app";
  config.settings = {{"serch_path", "app"}};
  const auto session = Connect(config);
  const DatabaseError error = ErrorOf([&] { session->Begin(Options(), Soon()); });
  EXPECT_STREQ(error.what(),
               "the transaction could not begin: unrecognized configuration parameter "
               "\"serch_path\" (42704); see databases.app.settings and the query's params");
  EXPECT_FALSE(error.session_lost());
  session->Probe(Soon());
  EXPECT_EQ(Admin("SELECT state FROM pg_stat_activity WHERE usename = '" + reader_ + "'"), "idle");
}

TEST_F(SessionTest, SettingThatTheRoleMayNotSetIsAPermission) {
  DatabaseConfig config = ReaderConfig();
  config.name = "app";
  config.settings = {{"log_statement", "all"}};
  const auto session = Connect(config);
  const DatabaseError error = ErrorOf([&] { session->Begin(Options(), Soon()); });
  EXPECT_EQ(error.failure().reason, Reason::kPermission);
  EXPECT_STREQ(error.what(),
               "the transaction could not begin: permission denied to set parameter "
               "\"log_statement\" (42501); see databases.app.settings and the query's params");
}

TEST_F(SessionTest, EstimatesCostWithoutRunning) {
  Run("CREATE TABLE items AS SELECT generate_series(1, 10000) AS id; GRANT SELECT ON items TO " +
      reader_);
  const auto session = Connect();
  session->Begin(Options(), Soon());
  const double small = session->EstimateCost("SELECT 1");
  const double large =
      session->EstimateCost("SELECT count(*), pg_sleep(3600) FROM items a, items b");
  EXPECT_GT(small, 0);
  EXPECT_GT(large, 100'000);
  session->Rollback();
}

TEST_F(SessionTest, RowsHoldAtMostWhatTheStatementBounds) {
  Run("CREATE TABLE wide AS SELECT repeat('x', 20000) || i AS name, i FROM generate_series(1, 300) "
      "i;"
      "GRANT SELECT ON wide TO " +
      reader_);
  const auto session = Connect();
  session->Begin(Options(), Soon());
  const Query query = FileQuery("SELECT name, i AS value FROM wide");
  const std::vector<Column> columns = session->Describe(DescribeStatement(query));
  Projection projection;
  projection.labels = {columns[0]};
  projection.values = {columns[1]};
  const auto rows = session->Fetch(FetchStatement(query, projection, 100));
  ASSERT_EQ(rows->size(), 101u);
  EXPECT_EQ(rows->Get(100, 0)->size(), 129u);
  session->Rollback();
}

TEST_F(SessionTest, BytesThatAreNotUtf8AreAnErrorThatSaysSo) {
  const std::string name = database_name_ + "_ascii";
  Admin("CREATE DATABASE " + name +
        " ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  {
    DatabaseConfig config = ReaderConfig();
    config.url = "dbname=" + name + " user=" + reader_;
    const auto session = Connect(config);
    session->Begin(Options(), Soon());
    const DatabaseError error = ErrorOf([&] { session->Fetch("SELECT E'caf\\351'"); });
    EXPECT_STREQ(error.what(),
                 "queries/test/query.sql: character_not_in_repertoire (22021); a text is not valid "
                 "UTF-8: convert it in the statement or leave it out");
    EXPECT_FALSE(error.session_lost());
    session->Rollback();

    // As the user asks for it: then the bytes come as they are, and reading them refuses them.
    config.url += " client_encoding=SQL_ASCII";
    const auto raw = Connect(config);
    raw->Begin(Options(), Soon());
    const auto rows = raw->Fetch("SELECT E'caf\\351'");
    EXPECT_EQ(rows->Get(0, 0), "caf\351");
    const DatabaseError unknown = ErrorOf([&] { raw->Fetch("SELECT \"caf\351\""); });
    EXPECT_STREQ(unknown.what(), "queries/test/query.sql: column \"caf?\" does not exist (42703)");
    raw->Rollback();
  }
  Admin("DROP DATABASE " + name + " WITH (FORCE)");
}

TEST_F(SessionTest, NoticesAreDropped) {
  Run("CREATE FUNCTION chatty() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'row %', "
      "42; "
      "RETURN 1; END $$");
  const auto session = Connect();
  session->Begin(Options(), Soon());
  testing::internal::CaptureStderr();
  EXPECT_EQ(FetchOne(*session, "chatty()"), "1");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  session->Rollback();
}

}  // namespace
}  // namespace tidegauge
