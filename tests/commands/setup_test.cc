#include "commands/setup.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "config/temp_directory.h"

namespace tidegauge {
namespace {

class DatabasesTest : public testing::Test {
 protected:
  DatabasesTest() {
    config_.directory = directory_.path();
    config_.databases = {DatabaseConfig{.name = "app", .url_file = "url"},
                         DatabaseConfig{.name = "other", .url = "postgresql://b/b"}};
    directory_.Write("url", "postgresql://a/a\n");
  }

  TempDirectory directory_;
  Config config_;
  HeartbeatMonitor heartbeats_;
  Watchdog watchdog_{heartbeats_};
  Databases databases_{watchdog_};
};

TEST_F(DatabasesTest, SameConfigurationIsTheSameDatabase) {
  const auto before = databases_.For(config_);
  const auto after = databases_.For(config_);
  EXPECT_EQ(after.at(0).database, before.at(0).database);
  EXPECT_EQ(after.at(1).database, before.at(1).database);
}

TEST_F(DatabasesTest, ChangedConfigurationIsAnotherDatabase) {
  const auto before = databases_.For(config_);
  config_.databases[1].settings = {{"search_path", "billing"}};
  const auto after = databases_.For(config_);
  EXPECT_EQ(after.at(0).database, before.at(0).database);
  EXPECT_NE(after.at(1).database, before.at(1).database);
}

TEST_F(DatabasesTest, ChangedUrlFileIsAnotherDatabaseAndOneThatCannotBeReadIsNot) {
  const auto before = databases_.For(config_);
  directory_.Write("url", "postgresql://c/c\n");
  const auto after = databases_.For(config_);
  EXPECT_NE(after.at(0).database, before.at(0).database);
  EXPECT_EQ(after.at(1).database, before.at(1).database);
  std::filesystem::remove(directory_ / "url");
  EXPECT_EQ(databases_.For(config_).at(0).database, after.at(0).database);
}

}  // namespace
}  // namespace tidegauge
