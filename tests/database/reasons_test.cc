// Every reason that a database gives, produced by a real server.

#include <gtest/gtest.h>

#include <future>
#include <pqxx/pqxx>
#include <thread>

#include "database/database.h"
#include "database/test_server.h"
#include "gauge/statement.h"

namespace tidegauge {
namespace {

using std::chrono::milliseconds;

class ReasonsTest : public ServerTest {
 protected:
  // What a statement of a gauge file fails with: as described, or else as fetched.
  DatabaseError Fail(const std::string& statement,
                     milliseconds timeout = std::chrono::seconds(20)) {
    const auto session = Connect();
    session->Begin(Options(timeout), Soon());
    const DatabaseError error = ErrorOf([&] {
      const Query query = FileQuery(statement);
      Projection projection;
      projection.values = session->Describe(DescribeStatement(query));
      session->Fetch(FetchStatement(query, projection, 100));
    });
    if (!error.session_lost()) {
      session->Rollback();
      session->Probe(Soon());
    }
    return error;
  }

  // The backend that runs a statement with this text.
  std::string BackendOf(const std::string& text) {
    std::string pid;
    EXPECT_TRUE(Eventually([&] {
      pid = Admin("SELECT pid FROM pg_stat_activity WHERE state = 'active' AND usename = '" +
                  reader_ + "' AND query LIKE '%" + text + "%'");
      return !pid.empty();
    }));
    return pid;
  }
};

TEST_F(ReasonsTest, SqlNamesLineAndColumnOfTheFile) {
  Run("CREATE TABLE items (id int, status text); GRANT SELECT ON items TO " + reader_);
  struct Case {
    const char* name;
    const char* statement;
    const char* sqlstate;
    const char* message;
  };
  const Case cases[] = {
      {"misspelt column", "SELECT\n  statu, count(*) AS value FROM items", "42703",
       "queries/test/query.sql:5:3: column \"statu\" does not exist (42703); Perhaps you meant to "
       "reference the column \"items.status\"."},
      {"on the first line", "SELECT statu FROM items", "42703",
       "queries/test/query.sql:4:8: column \"statu\" does not exist (42703); Perhaps you meant to "
       "reference the column \"items.status\"."},
      {"missing table", "SELECT 1 AS value\nFROM gone", "42P01",
       "queries/test/query.sql:5:6: relation \"gone\" does not exist (42P01)"},
      {"syntax error", "SELECT 1 AS value\nFROM WHERE", "42601",
       "queries/test/query.sql:5:6: syntax error at or near \"WHERE\" (42601)"},
      {"missing function", "SELECT nope() AS value", "42883",
       "queries/test/query.sql:4:8: function nope() does not exist (42883); No function matches "
       "the "
       "given name and argument types. You might need to add explicit type casts."},
      {"long line",
       "SELECT 'a long text that makes the line long', 'and another one to make it longer', nope, "
       "'and one behind it that is cut off on the right'",
       "42703", "queries/test/query.sql:4:85: column \"nope\" does not exist (42703)"},
      {"ungrouped", "SELECT status, count(*) FROM items", "42803",
       "queries/test/query.sql:4:8: column \"items.status\" must appear in the GROUP BY clause or "
       "be "
       "used in an aggregate function (42803)"},
      {"several rows of a subquery", "SELECT (SELECT generate_series(1, 2)) AS value", "21000",
       "queries/test/query.sql: more than one row returned by a subquery used as an expression "
       "(21000)"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const DatabaseError error = Fail(c.statement);
    EXPECT_EQ(error.failure().reason, Reason::kSql);
    EXPECT_EQ(error.failure().sqlstate, c.sqlstate);
    EXPECT_EQ(error.failure().message, c.message);
    EXPECT_FALSE(error.session_lost());
  }
}

TEST_F(ReasonsTest, RowValuesAreNeverTold) {
  Run("CREATE TABLE people (name text, age int); INSERT INTO people VALUES ('secretvalue', 0);"
      "CREATE FUNCTION duplicate() RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
      "  RAISE EXCEPTION 'Key (name)=(secretvalue) already exists' USING ERRCODE = '23505',"
      "    DETAIL = 'secretvalue', HINT = 'secretvalue'; END $$;"
      "GRANT SELECT ON people TO " +
      reader_);
  struct Case {
    const char* statement;
    Reason reason;
    const char* message;
  };
  const Case cases[] = {
      {"SELECT name::int AS value FROM people", Reason::kSql,
       "invalid_text_representation (22P02); run the file in psql to see the row"},
      {"SELECT name::timestamptz AS value FROM people", Reason::kSql,
       "invalid_datetime_format (22007); run the file in psql to see the row"},
      {"SELECT 1 / age AS value FROM people", Reason::kSql,
       "division_by_zero (22012); run the file in psql to see the row"},
      {"SELECT duplicate() AS value", Reason::kSql,
       "unique_violation (23505); run the file in psql to see the row"},
      {"SELECT name::json AS value FROM people", Reason::kSql,
       "invalid_text_representation (22P02); run the file in psql to see the row"},
      {"SELECT (age + 2147483647) * 2 AS value FROM people", Reason::kType,
       "numeric_value_out_of_range (22003); a value does not fit its type: cast to numeric or "
       "double precision before the arithmetic"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.statement);
    const DatabaseError error = Fail(c.statement);
    EXPECT_EQ(error.failure().reason, c.reason);
    EXPECT_EQ(error.failure().message, "queries/test/query.sql: " + std::string(c.message));
    EXPECT_EQ(error.failure().message.find("secretvalue"), std::string::npos);
    EXPECT_FALSE(error.session_lost());
  }
}

TEST_F(ReasonsTest, PermissionNamesTheObjectAndPrintsTheGrant) {
  Run("CREATE TABLE items (); CREATE TABLE \"Odd Name\" (); CREATE VIEW shown AS SELECT 1 AS value;"
      "CREATE SCHEMA billing; CREATE SCHEMA closed; CREATE TABLE closed.t ();"
      "GRANT USAGE ON SCHEMA billing TO " +
      reader_ +
      "; CREATE TABLE billing.invoices (); CREATE TABLE billing.\"Big\" (); CREATE SEQUENCE "
      "counter;"
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f() FROM "
      "PUBLIC");
  const std::pair<const char*, std::string> cases[] = {
      {"SELECT count(*) AS value FROM items",
       "permission denied for table items (42501); as its owner: GRANT SELECT ON items TO "},
      {"SELECT count(*) AS value FROM \"Odd Name\"",
       "permission denied for table Odd Name (42501); as its owner: GRANT SELECT ON \"Odd Name\" "
       "TO "},
      {"SELECT value FROM shown",
       "permission denied for view shown (42501); as its owner: GRANT SELECT ON shown TO "},
      {"SELECT count(*) AS value FROM billing.invoices",
       "permission denied for table invoices (42501); as its owner: GRANT SELECT ON "
       "billing.invoices TO "},
      {"SELECT count(*) AS value FROM \"billing\".\"Big\"",
       "permission denied for table Big (42501); as its owner: GRANT SELECT ON \"billing\".\"Big\" "
       "TO "},
      {"SELECT count(*) AS value FROM closed.t",
       "permission denied for schema closed (42501); as its owner: GRANT USAGE ON SCHEMA closed "
       "TO "},
      {"SELECT f() AS value",
       "permission denied for function f (42501); as its owner: GRANT EXECUTE ON FUNCTION f TO "},
      {"SELECT last_value AS value FROM counter",
       "permission denied for sequence counter (42501); as its owner: GRANT SELECT ON SEQUENCE "
       "counter TO "},
  };
  for (const auto& [statement, message] : cases) {
    SCOPED_TRACE(statement);
    const DatabaseError error = Fail(statement);
    EXPECT_EQ(error.failure().reason, Reason::kPermission);
    EXPECT_EQ(error.failure().sqlstate, "42501");
    const std::string& text = error.failure().message;
    EXPECT_NE(text.find(message + reader_ + ";"), std::string::npos) << text;
    // The advice is right: it is run, and then the statement fails no more.
    Run(text.substr(text.find("GRANT ")));
    EXPECT_NO_THROW({
      const auto session = Connect();
      session->Begin(Options(), Soon());
      if (std::string(statement).find("closed") == std::string::npos) session->Fetch(statement);
      session->Rollback();
    });
  }
}

TEST_F(ReasonsTest, RowSecurityThatWouldHideRowsIsAPermission) {
  Run("CREATE TABLE orders (tenant int); INSERT INTO orders SELECT i FROM generate_series(1, 100) "
      "i;"
      "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; GRANT SELECT ON orders TO " +
      reader_);
  const DatabaseError error = Fail("SELECT count(*) AS value FROM orders");
  EXPECT_EQ(error.failure().reason, Reason::kPermission);
  EXPECT_EQ(error.failure().message,
            "queries/test/query.sql: row-level security would hide rows of table \"orders\" from "
            "role " +
                reader_ + ", and the number would be too small without a word; ALTER ROLE " +
                reader_ +
                " BYPASSRLS; or give the role a policy of its own and set "
                "databases.app.row_security: apply (42501)");

  // For a role with a policy of its own.
  Run("CREATE POLICY all_rows ON orders FOR SELECT TO " + reader_ + " USING (true)");
  DatabaseConfig config = ReaderConfig();
  config.apply_row_security = true;
  const auto session = Connect(config);
  session->Begin(Options(), Soon());
  EXPECT_EQ(session->Fetch("SELECT count(*) FROM orders")->Get(0, 0), "100");
  session->Rollback();

  Run("ALTER ROLE " + reader_ + " BYPASSRLS");
  const auto bypassing = Connect();
  bypassing->Begin(Options(), Soon());
  EXPECT_EQ(bypassing->Fetch("SELECT count(*) FROM orders")->Get(0, 0), "100");
  bypassing->Rollback();
}

TEST_F(ReasonsTest, ReadOnlyWhateverTheRoleMay) {
  Run("CREATE TABLE items (id int); CREATE SEQUENCE counter;"
      "CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'INSERT INTO items VALUES (1); SELECT "
      "1';"
      "GRANT ALL ON items, counter TO " +
      reader_);
  for (const char* statement : {
           "SELECT writes() AS value",
           "SELECT nextval('counter') AS value",
           "WITH gone AS (DELETE FROM items RETURNING id) SELECT count(*) AS value FROM gone",
           "SELECT count(*) AS value FROM items FOR UPDATE",
           "SELECT id AS value FROM items FOR SHARE",
       }) {
    SCOPED_TRACE(statement);
    const DatabaseError error = Fail(statement);
    if (std::string(statement).find("count(*) AS value FROM items FOR") != std::string::npos) {
      EXPECT_EQ(error.failure().sqlstate, "0A000");  // refused before it is seen to write
    } else {
      EXPECT_EQ(error.failure().reason, Reason::kReadOnly) << error.what();
    }
  }
  const DatabaseError direct = [&] {
    const auto session = Connect();
    session->Begin(Options(), Soon());
    return ErrorOf([&] { session->Fetch("INSERT INTO items VALUES (1) RETURNING id"); });
  }();
  EXPECT_EQ(direct.failure().reason, Reason::kReadOnly);
  EXPECT_STREQ(
      direct.what(),
      "queries/test/query.sql: cannot execute INSERT in a read-only transaction (25006); a "
      "gauge only reads: take out what writes");
  EXPECT_EQ(Admin("SELECT count(*) FROM items", database_name_), "0");
}

TEST_F(ReasonsTest, StatementCannotMakeItsTransactionWritable) {
  Run("CREATE TABLE items (id int); GRANT ALL ON items TO " + reader_ +
      "; CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'INSERT INTO items VALUES (1); "
      "SELECT "
      "1'");
  Fail("SELECT set_config('transaction_read_only', 'off', true) AS value, writes()");
  Fail(
      "SELECT value, writes() FROM (SELECT set_config('transaction_read_only', 'off', false) AS "
      "value OFFSET 0) s");
  EXPECT_EQ(Admin("SELECT count(*) FROM items", database_name_), "0");
}

TEST_F(ReasonsTest, ServersTimeoutIsTimeout) {
  const DatabaseError error = Fail("SELECT pg_sleep(3600)::text AS value", milliseconds(300));
  EXPECT_EQ(error.failure().reason, Reason::kTimeout);
  EXPECT_EQ(error.failure().sqlstate, "57014");
  EXPECT_EQ(error.failure().message,
            "queries/test/query.sql: no result within the timeout of 300ms (57014); make the "
            "statement cheaper (an index, a narrower WHERE) or raise 'timeout'");
  EXPECT_FALSE(error.session_lost());
}

TEST_F(ReasonsTest, CancelBeforeTheTimeoutIsCancelled) {
  auto error = std::async(std::launch::async, [&] {
    return Fail("SELECT pg_sleep(3600)::text AS value", std::chrono::minutes(5));
  });
  Admin("SELECT pg_cancel_backend(" + BackendOf("pg_sleep") + ")");
  const DatabaseError got = error.get();
  EXPECT_EQ(got.failure().reason, Reason::kCancelled);
  EXPECT_EQ(got.failure().message,
            "queries/test/query.sql: cancelled on the server before its timeout of 5m: canceling "
            "statement due to user request (57014); it is run again");
  EXPECT_FALSE(got.session_lost());
}

TEST_F(ReasonsTest, LockedTableIsLockTimeout) {
  Run("CREATE TABLE items (); GRANT SELECT ON items TO " + reader_);
  pqxx::connection holder("dbname=" + database_name_);
  pqxx::work work(holder);
  work.exec("LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
  const DatabaseError error = Fail("SELECT count(*) AS value FROM items", milliseconds(400));
  EXPECT_EQ(error.failure().reason, Reason::kLockTimeout);
  EXPECT_EQ(error.failure().sqlstate, "55P03");
  EXPECT_EQ(error.failure().message,
            "queries/test/query.sql:4:31: a lock was not granted within 200ms (55P03); another "
            "transaction (a migration, say) holds one of its tables");
  EXPECT_FALSE(error.session_lost());
}

TEST_F(ReasonsTest, TerminatedBackendIsConnect) {
  auto error =
      std::async(std::launch::async, [&] { return Fail("SELECT pg_sleep(3600)::text AS value"); });
  Admin("SELECT pg_terminate_backend(" + BackendOf("pg_sleep") + ")");
  const DatabaseError got = error.get();
  EXPECT_EQ(got.failure().reason, Reason::kConnect);
  EXPECT_EQ(got.failure().sqlstate, "57P01");
  EXPECT_STREQ(got.what(),
               "the server ended the session: terminating connection due to administrator command "
               "(57P01)");
  EXPECT_TRUE(got.session_lost());
}

TEST_F(ReasonsTest, SessionClosedBetweenSamplesIsSeenAtBeginAndNotReplacedInSilence) {
  const auto session = Connect();
  session->Begin(Options(), Soon());
  session->Rollback();
  Admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + reader_ + "'");
  ASSERT_TRUE(Eventually([&] {
    return Admin("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + reader_ + "'") == "0";
  }));
  for (int i = 0; i < 3; ++i) {
    const DatabaseError error = ErrorOf([&] { session->Begin(Options(), Soon()); });
    EXPECT_EQ(error.failure().reason, Reason::kConnect);
    EXPECT_TRUE(error.session_lost());
  }
  ErrorOf([&] { session->Probe(Soon()); });
  EXPECT_EQ(Admin("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + reader_ + "'"), "0");
}

TEST_F(ReasonsTest, IdleInTransactionTimeoutIsConnect) {
  const auto session = Connect();
  session->Begin(Options(milliseconds(100)), Soon());
  ASSERT_TRUE(Eventually([&] {
    return Admin("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + reader_ + "'") == "0";
  }));
  const DatabaseError error = ErrorOf([&] { session->Fetch("SELECT 1"); });
  EXPECT_EQ(error.failure().reason, Reason::kConnect) << error.what();
  EXPECT_TRUE(error.session_lost());
}

TEST_F(ReasonsTest, ShutdownIsCancelledNowAndForGood) {
  auto error =
      std::async(std::launch::async, [&] { return Fail("SELECT pg_sleep(3600)::text AS value"); });
  const std::string backend = BackendOf("pg_sleep");
  database_->Shutdown();
  const DatabaseError got = error.get();
  EXPECT_EQ(got.failure().reason, Reason::kCancelled);
  EXPECT_STREQ(got.what(), "given up: tidegauge is ending");
  EXPECT_TRUE(got.session_lost());
  EXPECT_EQ(ErrorOf([&] { Connect(); }).failure().reason, Reason::kCancelled);
  // The server notices that nobody waits any more.
  EXPECT_TRUE(Eventually(
      [&] { return Admin("SELECT 1 FROM pg_stat_activity WHERE pid = " + backend).empty(); }));
}

}  // namespace
}  // namespace tidegauge
