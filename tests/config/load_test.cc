#include "config/load.h"

#include <gtest/gtest.h>

#include "config/fault_text.h"
#include "config/temp_directory.h"

namespace tidegauge {
namespace {

// A gauge file with `extra` header lines, each ended by a line break.
std::string GaugeText(const std::string& metric, const std::string& extra = "",
                      const std::string& help = "Things.") {
  return "-- gauge: " + metric + "\n-- help: " + help + "\n" + extra +
         "SELECT count(*) AS value FROM things;\n";
}

class LoadTest : public testing::Test {
 protected:
  Config LoadedConfig(const std::string& text) {
    std::vector<Fault> faults;
    const auto config =
        LoadConfig(directory_.Write("config.yaml", text), EnvironmentOf({}), faults);
    EXPECT_EQ(TextOf(faults), "");
    return config.value_or(Config{});
  }

  // The faults of loading all queries; what was loaded goes to queries_.
  std::string QueryFaults(const std::string& config_text) {
    const Config config = LoadedConfig(config_text);
    std::vector<Fault> faults;
    auto queries = LoadQueries(config, faults);
    EXPECT_EQ(queries.has_value(), !HasErrors(faults));
    queries_ = queries.value_or(Queries{});
    return ShortTextOf(faults, directory_.path());
  }

  TempDirectory directory_;
  Queries queries_;
};

TEST_F(LoadTest, LoadsConfigAndQueriesSortedByName) {
  directory_.Write("queries/b.sql", GaugeText("b_things"));
  directory_.Write("queries/a/z.sql", GaugeText("z_things", "-- enabled: false\n"));
  EXPECT_EQ(QueryFaults("defaults: { every: 2m }\nlimits: { series_per_query: 7 }\n"), "");
  ASSERT_EQ(queries_.size(), 2u);
  EXPECT_EQ(queries_[0]->name, "a/z");
  EXPECT_FALSE(queries_[0]->enabled);
  EXPECT_EQ(queries_[1]->name, "b");
  EXPECT_EQ(queries_[1]->file, directory_ / "queries/b.sql");
  EXPECT_EQ(queries_[1]->every, std::chrono::minutes(2));
  EXPECT_EQ(queries_[1]->max_series, 7u);
}

TEST_F(LoadTest, LaterPathReplacesTheSameName) {
  directory_.Write("queries/a.sql", GaugeText("old_things"));
  directory_.Write("queries/b.sql", GaugeText("b_things"));
  directory_.Write("own/a.sql", GaugeText("new_things"));
  EXPECT_EQ(QueryFaults("queries: { paths: [queries, own] }\n"), "");
  ASSERT_EQ(queries_.size(), 2u);
  EXPECT_EQ(queries_[0]->gauges[0].name, "new_things");
  EXPECT_EQ(queries_[0]->file, directory_ / "own/a.sql");
}

TEST_F(LoadTest, AReplacedFileIsNotRead) {
  directory_.Write("queries/a.sql", "not a gauge file");
  directory_.Write("own/a.sql", GaugeText("new_things"));
  EXPECT_EQ(QueryFaults("queries: { paths: [queries, own] }\n"), "");
}

TEST_F(LoadTest, TellsEveryFaultOfEveryFileInOrder) {
  directory_.Write("queries/z.sql",
                   "-- gauge: z_things\n-- help: Z.\n-- evry: 1m\nSELECT 1 AS value\n");
  directory_.Write(
      "queries/a.sql",
      "-- gauge: a_things\n-- help: A.\n-- timeot: 1s\n-- lables:\nSELECT 1 AS value\n");
  directory_.Link("gone.sql", "queries/m.sql");
  EXPECT_EQ(
      QueryFaults("queries: { paths: [queries, gone] }\n"),
      "gone: error: no such folder: make it, or name another under queries.paths\n"
      "queries/a.sql:3:4: error: unknown key 'timeot' (did you mean 'timeout'?)\n"
      "queries/a.sql:4:4: error: unknown key 'lables' (did you mean 'labels'?)\n"
      "queries/m.sql: error: symlink leads nowhere: No such file or directory; delete or mend "
      "it\n"
      "queries/z.sql:3:4: error: unknown key 'evry' (did you mean 'every'?)\n");
}

TEST_F(LoadTest, RefusesOneMetricTwiceOnOneDatabase) {
  directory_.Write("queries/a.sql", GaugeText("app_things"));
  directory_.Write("queries/b.sql", GaugeText("app_things"));
  EXPECT_EQ(QueryFaults(""),
            "queries/b.sql:1:11: error: metric 'app_things' is fed by "
            "queries/a.sql on database 'app' already: rename it, or sample the two on different "
            "databases\n");
}

TEST_F(LoadTest, RefusesOneMetricTwiceWhereDatabasesOverlap) {
  directory_.Write("queries/a.sql", GaugeText("app_things", "-- database: [one, two]\n"));
  directory_.Write("queries/b.sql", GaugeText("app_things", "-- database: all\n"));
  EXPECT_EQ(QueryFaults("databases: { one: , two: , three: }\n"),
            "queries/b.sql:1:11: error: metric 'app_things' is fed by queries/a.sql on database "
            "'one' already: rename it, or sample the two on different databases\n");
}

TEST_F(LoadTest, TakesOneMetricFromTwoFilesOnDifferentDatabases) {
  directory_.Write("queries/a.sql", GaugeText("app_things", "-- database: one\n"));
  directory_.Write("queries/b.sql", GaugeText("app_things", "-- database: two\n"));
  EXPECT_EQ(QueryFaults("databases: { one: , two: }\n"), "");
  EXPECT_EQ(queries_.size(), 2u);
}

TEST_F(LoadTest, RefusesOneMetricWithDifferentHelpOrLabels) {
  directory_.Write("queries/a.sql", GaugeText("app_things", "-- database: one\n"));
  directory_.Write("queries/b.sql", GaugeText("app_things", "-- database: two\n", "Other things."));
  directory_.Write("queries/c.sql",
                   GaugeText("app_things", "-- database: three\n-- labels: { kind: [a, b] }\n"));
  EXPECT_EQ(
      QueryFaults("databases: { one: , two: , three: }\n"),
      "queries/b.sql:1:11: error: metric 'app_things' has another help in queries/a.sql: make "
      "them the same, or rename it\n"
      "queries/c.sql:1:11: error: metric 'app_things' has the labels none in queries/a.sql and "
      "kind here: make them the same, or rename it\n");
}

TEST_F(LoadTest, ADisabledQueryFeedsNothing) {
  directory_.Write("queries/a.sql", GaugeText("app_things", "-- enabled: false\n"));
  directory_.Write("queries/b.sql", GaugeText("app_things"));
  EXPECT_EQ(QueryFaults(""), "");
}

TEST_F(LoadTest, RefusesUnknownDatabasesWithSuggestion) {
  directory_.Write("queries/a.sql", GaugeText("a_things", "-- database: [app, reprting]\n"));
  directory_.Write("queries/b.sql", GaugeText("b_things", "-- database: warehouse\n"));
  EXPECT_EQ(QueryFaults("databases: { app: , reporting: }\n"),
            "queries/a.sql:3:20: error: unknown database 'reprting' (did you mean 'reporting'?)\n"
            "queries/b.sql:3:14: error: unknown database 'warehouse'; known are: app, reporting\n");
}

TEST_F(LoadTest, RefusesLabelsOfTheConfigInGaugeFiles) {
  directory_.Write("queries/a.sql", GaugeText("a_things", "-- labels: { region: [eu, us] }\n"));
  const std::string faults = QueryFaults("labels: { region: eu }\n");
  EXPECT_NE(faults.find("queries/a.sql:3:14: error: "), std::string::npos) << faults;
  EXPECT_NE(faults.find("'region'"), std::string::npos) << faults;
}

TEST_F(LoadTest, WarnsOfParamsThatNoGaugeFileHas) {
  directory_.Write("queries/a.sql",
                   GaugeText("a_things", "-- params: { stale_after: 48 hours }\n"));
  EXPECT_EQ(QueryFaults("params: { stale_aftr: 1 }\n"
                        "databases: { app: { params: { other: 2, stale_after: 3 } } }\n"),
            "config.yaml: warning: params has 'stale_aftr', which no gauge file has under 'params' "
            "(did you mean 'stale_after'?)\n"
            "config.yaml: warning: databases.app.params has 'other', which no gauge file has under "
            "'params'\n");
}

TEST_F(LoadTest, WarnsWhereThereIsNoGaugeFile) {
  std::filesystem::create_directory(directory_ / "queries");
  EXPECT_EQ(QueryFaults(""),
            "queries: warning: holds no gauge file (*.sql): write one with `tidegauge new NAME`\n");
}

TEST_F(LoadTest, ParamsGoFromHeaderToConfigToDatabase) {
  directory_.Write("queries/a.sql",
                   GaugeText("a_things", "-- params: { x: header, y: header, z: header }\n"));
  const Config config = LoadedConfig(
      "params: { y: config, z: config }\n"
      "databases: { one: { params: { z: database, other: 1 } }, two: }\n");
  std::vector<Fault> faults;
  const auto queries = LoadQueries(config, faults);
  ASSERT_TRUE(queries);
  using Params = std::map<std::string, std::string>;
  EXPECT_EQ(ParamsFor(*queries->front(), config, 0),
            (Params{{"x", "header"}, {"y", "config"}, {"z", "database"}}));
  EXPECT_EQ(ParamsFor(*queries->front(), config, 1),
            (Params{{"x", "header"}, {"y", "config"}, {"z", "config"}}));
}

TEST_F(LoadTest, TellsTheDatabasesOfAQuery) {
  const Config config = LoadedConfig("databases: { one: , two: , three: }\n");
  using Indices = std::vector<std::size_t>;
  Query query;
  EXPECT_EQ(DatabasesOf(query, config), Indices{0});
  query.databases = {"three", "two", "gone"};
  EXPECT_EQ(DatabasesOf(query, config), (Indices{1, 2}));
  query.databases.clear();
  query.all_databases = true;
  EXPECT_EQ(DatabasesOf(query, config), (Indices{0, 1, 2}));
}

TEST_F(LoadTest, LoadsNamedFilesAlone) {
  directory_.Write("queries/deep/a.sql", GaugeText("a_things"));
  directory_.Write("queries/broken.sql", "no gauge file");
  const std::string outside = directory_.Write("draft.sql", GaugeText("draft_things"));
  const Config config = LoadedConfig("");
  std::vector<Fault> faults;
  const auto queries =
      LoadQueryFiles(config, {outside, directory_ / "queries/deep/a.sql", outside}, faults);
  EXPECT_EQ(TextOf(faults), "");
  ASSERT_TRUE(queries);
  ASSERT_EQ(queries->size(), 2u);
  EXPECT_EQ((*queries)[0]->name, "deep/a");
  EXPECT_EQ((*queries)[1]->name, "draft");
}

TEST_F(LoadTest, TellsAConfigThatIsNotThere) {
  std::vector<Fault> faults;
  EXPECT_FALSE(LoadConfig(directory_ / "gone.yaml", EnvironmentOf({}), faults));
  EXPECT_EQ(ShortTextOf(faults, directory_.path()),
            "gone.yaml: error: cannot be read: No such file or directory\n");
}

TEST_F(LoadTest, TakesConfigYamlOfTheWorkingDirectoryWhereThereIsOne) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  std::vector<Fault> faults;
  const auto built_in = LoadConfig("", EnvironmentOf({}), faults);
  directory_.Write("config.yaml", "defaults: { every: 3m }\n");
  const auto found = LoadConfig("", EnvironmentOf({}), faults);
  std::filesystem::current_path(before);
  EXPECT_EQ(TextOf(faults), "");
  ASSERT_TRUE(built_in);
  EXPECT_EQ(built_in->file, "");
  EXPECT_EQ(built_in->databases.size(), 1u);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->file, "config.yaml");
  EXPECT_EQ(found->every, std::chrono::minutes(3));
}

TEST_F(LoadTest, FaultsOfBeforeDoNotCount) {
  std::vector<Fault> faults(1);
  EXPECT_TRUE(LoadConfig(directory_.Write("config.yaml", ""), EnvironmentOf({}), faults));
  EXPECT_EQ(faults.size(), 1u);
}

}  // namespace
}  // namespace tidegauge
