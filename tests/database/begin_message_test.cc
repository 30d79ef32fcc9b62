#include "database/begin_message.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

using std::chrono::milliseconds;

TransactionOptions Workflow() {
  TransactionOptions options;
  options.query_name = "workflow/items";
  options.statement_timeout = milliseconds(5000);
  return options;
}

TEST(BeginMessageTest, SaysAllThatHolds) {
  DatabaseConfig config;
  config.settings = {{"search_path", "app, public"}};
  TransactionOptions options = Workflow();
  options.params = {{"stale_after", "48 hours"}};
  EXPECT_EQ(BeginMessage(config, options, true),
            "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;"
            "SET LOCAL max_parallel_workers_per_gather = 0;"
            "SET LOCAL timezone = 'UTC';"
            "SELECT pg_catalog.set_config('search_path', 'app, public', true);"
            "SET LOCAL tidegauge.\"stale_after\" = '48 hours';"
            "SET LOCAL statement_timeout = 5000;"
            "SET LOCAL lock_timeout = 1000;"
            "SET LOCAL idle_in_transaction_session_timeout = 7000;"
            "SET LOCAL row_security = off;"
            "SET LOCAL client_connection_check_interval = 500;"
            "SET LOCAL application_name = 'tidegauge/workflow/items';");
}

TEST(BeginMessageTest, LeavesOutWhatAnOldServerDoesNotKnow) {
  EXPECT_EQ(BeginMessage({}, Workflow(), false).find("client_connection_check_interval"),
            std::string::npos);
}

TEST(BeginMessageTest, UsersTimeZoneReplacesOurs) {
  DatabaseConfig config;
  config.settings = {{"TimeZone", "Europe/Berlin"}};
  const std::string sql = BeginMessage(config, Workflow(), true);
  EXPECT_EQ(sql.find("UTC"), std::string::npos);
  EXPECT_NE(sql.find("set_config('TimeZone', 'Europe/Berlin', true)"), std::string::npos);
}

TEST(BeginMessageTest, ApplyTurnsRowSecurityOn) {
  DatabaseConfig config;
  config.apply_row_security = true;
  EXPECT_NE(BeginMessage(config, Workflow(), true).find("SET LOCAL row_security = on;"),
            std::string::npos);
}

TEST(BeginMessageTest, ApplicationNameIsCutBetweenCharacters) {
  TransactionOptions options = Workflow();
  options.query_name = std::string(52, 'x') + "éé";  // "tidegauge/" and 52: 62 bytes, then two
  EXPECT_NE(BeginMessage({}, options, true)
                .find("application_name = 'tidegauge/" + std::string(52, 'x') + "';"),
            std::string::npos);
}

TEST(BeginMessageTest, LockTimeoutIsHalfTheTimeoutWithinBounds) {
  EXPECT_EQ(LockTimeout(milliseconds(10)), milliseconds(5));
  EXPECT_EQ(LockTimeout(milliseconds(1500)), milliseconds(750));
  EXPECT_EQ(LockTimeout(milliseconds(60'000)), milliseconds(1000));
  EXPECT_EQ(LockTimeout(milliseconds(1)), milliseconds(1));
}

}  // namespace
}  // namespace tidegauge
