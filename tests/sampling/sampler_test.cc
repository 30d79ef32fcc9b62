#include "sampling/sampler.h"

#include <gtest/gtest.h>

#include "sampling/fake_database.h"
#include "support/eventually.h"

namespace tidegauge {
namespace {

using namespace std::chrono_literals;

Target MakeTarget(const std::string& name, std::chrono::milliseconds every = 1s,
                  std::chrono::milliseconds timeout = 1s, const std::string& database = "app") {
  auto query = std::make_shared<Query>();
  query->name = name;
  query->file = "queries/" + name + ".sql";
  query->statement = "SELECT 1 AS value";
  query->gauges = {Gauge{.name = name}};
  query->every = every;
  query->timeout = timeout;
  query->keep_for = 3 * every;
  return {query, database};
}

class SamplerTest : public testing::Test {
 protected:
  void Start(std::vector<Target> targets, std::size_t max_connections = 2) {
    board_.Configure(targets, {"app"}, 10'000);
    sampler_.emplace(board_, heartbeats_, Options(std::move(targets), max_connections));
  }
  SamplerOptions Options(std::vector<Target> targets, std::size_t max_connections = 2) {
    return {{{database_, max_connections}}, std::move(targets), 10, 10'000};
  }
  std::shared_ptr<const TargetState> State(const std::string& name) {
    for (const auto& state : board_.Snapshot().targets) {
      if (state->query->name == name) return state;
    }
    return std::make_shared<TargetState>();
  }
  DatabaseState App() { return *board_.Snapshot().databases.at(0); }

  std::shared_ptr<FakeDatabase> database_ = std::make_shared<FakeDatabase>();
  Board board_{10'000};
  HeartbeatMonitor heartbeats_;
  std::optional<Sampler> sampler_;
};

TEST_F(SamplerTest, SamplesEveryQueryAtStartAndThenOnItsTicks) {
  Start({MakeTarget("often", 1s), MakeTarget("seldom", 1h)});
  ASSERT_TRUE(Eventually([&] { return State("often")->samples >= 3; }));
  EXPECT_EQ(State("seldom")->samples, 1U);
  EXPECT_TRUE(State("often")->up);
  EXPECT_EQ(State("often")->reading->gauges[0].series[0].value, 1);
  EXPECT_EQ(database_->describes(), 2) << "a statement is described once";
  EXPECT_TRUE(App().up);
}

TEST_F(SamplerTest, SessionsAreReusedAndNeverMoreThanAllowed) {
  std::vector<Target> targets;
  for (int i = 0; i < 50; ++i) targets.push_back(MakeTarget("q" + std::to_string(i), 1s));
  Start(targets, 3);
  ASSERT_TRUE(Eventually([&] { return State("q49")->samples >= 3; }));
  EXPECT_LE(database_->most_open(), 3);
  EXPECT_LE(database_->connects(), 3);
}

TEST_F(SamplerTest, SlowQueriesShareOneSessionAndLeaveTheOthersAlone) {
  std::vector<Target> targets;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "slow" + std::to_string(i);
    targets.push_back(MakeTarget(name, 1h, 30s));
    database_->OnFetch(name,
                       [this, calls = std::make_shared<std::atomic<int>>(0)]() -> std::string {
                         if (calls->fetch_add(1) == 0)
                           throw DatabaseError({Reason::kTimeout, "cut", "57014"}, false);
                         database_->Hang();
                         return "1";
                       });
  }
  targets.push_back(MakeTarget("quick", 1s));
  Start(targets);
  ASSERT_TRUE(Eventually([&] { return database_->hanging() == 1; }));
  const auto before = State("quick")->samples;
  ASSERT_TRUE(Eventually([&] { return State("quick")->samples >= before + 3; }));
  EXPECT_EQ(database_->most_hanging(), 1);
  EXPECT_EQ(State("slow0")->samples, 0U) << "the cut counts as no sample";
  EXPECT_FALSE(State("slow0")->tried);
  database_->Release();
  ASSERT_TRUE(Eventually([&] { return State("slow9")->samples == 1; }));
  EXPECT_EQ(database_->timeouts("slow0"), (std::vector<std::chrono::milliseconds>{1s, 30s}));
  EXPECT_EQ(State("slow0")->failures, 0U);
}

TEST_F(SamplerTest, QueryThatIsTheFirstToReachTheDatabaseAndTimesOutWaitsInOnePlaceOnly) {
  database_->OnFetch("a", []() -> std::string {
    throw DatabaseError({Reason::kTimeout, "no result", "57014"}, false);
  });
  Start({MakeTarget("a", 1s, 1s)});
  ASSERT_TRUE(Eventually([&] { return State("a")->samples + State("a")->skipped >= 4; }));
  EXPECT_LE(database_->fetches("a"), 5) << "one for each tick";
}

TEST_F(SamplerTest, SessionFoundClosedAtBeginIsReplacedWithoutAFailure) {
  Start({MakeTarget("a", 1s)});
  ASSERT_TRUE(Eventually([&] { return State("a")->samples >= 1; }));
  database_->CloseSessions();
  const auto seen = State("a")->samples;
  ASSERT_TRUE(Eventually([&] { return State("a")->samples >= seen + 2; }));
  EXPECT_EQ(State("a")->failures, 0U);
  EXPECT_TRUE(State("a")->up);
}

TEST_F(SamplerTest, DatabaseDownAtStartFailsWithConnectAndIsSampledOnceReached) {
  database_->SetConnectError("could not connect to server");
  Start({MakeTarget("hourly", 1h), MakeTarget("daily", 24h)});
  ASSERT_TRUE(Eventually([&] { return State("hourly")->tried && State("daily")->tried; }));
  EXPECT_EQ(State("hourly")->failure->reason, Reason::kConnect);
  EXPECT_FALSE(App().up);
  EXPECT_EQ(App().error, "could not connect to server");
  database_->SetConnectError(std::nullopt);
  ASSERT_TRUE(Eventually([&] { return State("hourly")->up && State("daily")->up; }));
  EXPECT_TRUE(App().up);
}

TEST_F(SamplerTest, FirstSampleThatReachesTheServerIsTheOneThatIsCut) {
  database_->SetConnectError("could not connect to server");
  database_->OnFetch("slow", []() -> std::string {
    throw DatabaseError({Reason::kTimeout, "no result", "57014"}, false);
  });
  Start({MakeTarget("slow", 1h, 30s)});
  ASSERT_TRUE(Eventually([&] { return State("slow")->tried; }));
  database_->SetConnectError(std::nullopt);
  ASSERT_TRUE(Eventually([&] { return State("slow")->samples == 2; }));
  EXPECT_EQ(database_->timeouts("slow"), (std::vector<std::chrono::milliseconds>{1s, 30s}));
}

TEST_F(SamplerTest, StatementIsDescribedAgainAfterAnOutage) {
  Start({MakeTarget("a", 1s)});
  ASSERT_TRUE(Eventually([&] { return State("a")->up; }));
  EXPECT_EQ(database_->describes(), 1);
  database_->SetConnectError("could not connect to server");
  database_->CloseSessions();
  ASSERT_TRUE(Eventually([&] { return State("a")->failures >= 2; }));
  database_->SetConnectError(std::nullopt);
  ASSERT_TRUE(Eventually([&] { return State("a")->up; }));
  EXPECT_EQ(database_->describes(), 2);
}

TEST_F(SamplerTest, FaultOfOurOwnFailsOneSampleAndTheWorkersGoOn) {
  auto broken = std::make_shared<std::atomic<bool>>(true);
  database_->OnFetch("a", [broken]() -> std::string {
    if (*broken) throw std::bad_alloc();
    return "7";
  });
  Start({MakeTarget("a", 1s)});
  ASSERT_TRUE(Eventually([&] { return State("a")->failures >= 3; }));
  EXPECT_EQ(State("a")->failure->reason, Reason::kSql);
  EXPECT_EQ(State("a")->failure->message,
            "queries/a.sql: could not be sampled: std::bad_alloc; see that tidegauge has memory "
            "enough");
  *broken = false;
  ASSERT_TRUE(Eventually([&] { return State("a")->up; }));
}

TEST_F(SamplerTest, ConnectsBackOffWhileTheDatabaseIsDown) {
  database_->SetConnectError("could not connect to server");
  std::vector<Target> targets;
  for (int i = 0; i < 20; ++i) targets.push_back(MakeTarget("q" + std::to_string(i), 1s));
  Start(targets);
  ASSERT_TRUE(Eventually([&] { return State("q0")->failures >= 4; }));
  EXPECT_LE(database_->connects(), 6) << "80 samples must not mean 80 connects";
}

TEST_F(SamplerTest, RoleWithFewerConnectionsThanConfiguredIsNoFailure) {
  database_->SetMaxOpen(1);
  std::vector<Target> targets;
  for (int i = 0; i < 10; ++i) targets.push_back(MakeTarget("q" + std::to_string(i), 1s));
  Start(targets);
  ASSERT_TRUE(Eventually([&] { return State("q9")->samples >= 3; }));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(State("q" + std::to_string(i))->failures, 0U);
  EXPECT_TRUE(App().up);
}

TEST_F(SamplerTest, FailingQueryIsTriedAgainAndDescribedAnew) {
  auto broken = std::make_shared<std::atomic<bool>>(true);
  database_->OnFetch("a", [broken]() -> std::string {
    if (*broken) throw DatabaseError({Reason::kSql, "no such table", "42P01"}, false);
    return "7";
  });
  Start({MakeTarget("a", 1s)});
  ASSERT_TRUE(Eventually([&] { return State("a")->failures >= 2; }));
  EXPECT_GE(database_->describes(), 2);
  *broken = false;
  ASSERT_TRUE(Eventually([&] { return State("a")->up; }));
  EXPECT_EQ(State("a")->reading->gauges[0].series[0].value, 7);
}

TEST_F(SamplerTest, StopGivesUpRunningStatements) {
  database_->OnFetch("a", [this]() -> std::string {
    database_->Hang();
    return "1";
  });
  Start({MakeTarget("a", 1h, 1h)});
  ASSERT_TRUE(Eventually([&] { return database_->hanging() == 1; }));
  EXPECT_TRUE(sampler_->Stop(60s));
  sampler_.reset();
  EXPECT_EQ(database_->open(), 0);
  EXPECT_EQ(State("a")->failures, 0U) << "a shutdown is no failure of the query";
}

TEST_F(SamplerTest, ReconfigureKeepsWhatStaysAddsWhatIsNewAndDropsTheRest) {
  const Target stays = MakeTarget("stays", 1h), goes = MakeTarget("goes", 1s);
  Start({stays, goes});
  ASSERT_TRUE(
      Eventually([&] { return State("stays")->samples == 1 && State("goes")->samples >= 1; }));
  const std::vector<Target> next = {stays, MakeTarget("comes", 1s)};
  board_.Configure(next, {"app"}, 10'000);
  sampler_->Configure(Options(next));
  ASSERT_TRUE(Eventually([&] { return State("comes")->samples >= 3; }));
  EXPECT_EQ(State("stays")->samples, 1U) << "a reload is no reason to sample again";
  const int gone = database_->fetches("goes");
  ASSERT_TRUE(Eventually([&] { return State("comes")->samples >= 6; }));
  EXPECT_EQ(database_->fetches("goes"), gone);
}

TEST_F(SamplerTest, DatabaseThatIsReplacedIsShutDownAndItsQueriesAreSampledOnTheNewOne) {
  database_->OnFetch("hangs", [this]() -> std::string {
    database_->Hang();
    return "1";
  });
  const std::vector<Target> targets = {MakeTarget("hourly", 1h), MakeTarget("hangs", 1h, 1h)};
  Start(targets);
  ASSERT_TRUE(
      Eventually([&] { return State("hourly")->samples == 1 && database_->hanging() == 1; }));
  const auto replaced = std::exchange(database_, std::make_shared<FakeDatabase>());
  database_->OnFetch("hourly", [] { return "2"; });
  board_.Configure(targets, {"app"}, 10'000);
  sampler_->Configure(Options(targets));
  ASSERT_TRUE(Eventually([&] { return State("hourly")->samples == 2 && State("hangs")->up; }));
  EXPECT_EQ(State("hourly")->reading->gauges[0].series[0].value, 2);
  EXPECT_EQ(State("hangs")->failures, 0U) << "a reload is no failure of the query";
  ASSERT_TRUE(Eventually([&] { return replaced->open() == 0; }));
  sampler_.reset();
}

TEST_F(SamplerTest, SessionsBeyondALoweredLimitAreClosed) {
  std::vector<Target> targets;
  for (int i = 0; i < 8; ++i) {
    const std::string name = "q" + std::to_string(i);
    targets.push_back(MakeTarget(name, 1h));
    database_->OnFetch(name, [this]() -> std::string {
      database_->Hang();
      return "1";
    });
  }
  Start(targets, 8);
  ASSERT_TRUE(Eventually([&] { return database_->hanging() == 8; }));
  SamplerOptions options = Options(targets, 8);
  options.max_connections = 3;
  sampler_->Configure(options);
  database_->Release();
  ASSERT_TRUE(Eventually([&] { return database_->open() == 3; }));
  ASSERT_TRUE(Eventually([&] { return App().connections == 3; }));
  sampler_.reset();
}

TEST_F(SamplerTest, SlowQueriesOfManyDatabasesLeaveOneWorkerToTheOthers) {
  auto other = std::make_shared<FakeDatabase>("other");
  const std::vector<Target> targets = {
      MakeTarget("slow", 1h, 30s), MakeTarget("slow", 1h, 30s, "other"), MakeTarget("quick", 1s)};
  for (FakeDatabase* database : {database_.get(), other.get()}) {
    database->OnFetch("slow", [database, calls = std::make_shared<std::atomic<int>>(0)]() {
      if (calls->fetch_add(1) == 0) throw DatabaseError({Reason::kTimeout, "cut", "57014"}, false);
      database->Hang();
      return std::string("1");
    });
  }
  board_.Configure(targets, {"app", "other"}, 10'000);
  sampler_.emplace(board_, heartbeats_,
                   SamplerOptions{{{database_, 2}, {other, 2}}, targets, 2, 100});
  ASSERT_TRUE(Eventually([&] { return database_->hanging() + other->hanging() == 1; }));
  const auto before = State("quick")->samples;
  ASSERT_TRUE(Eventually([&] { return State("quick")->samples >= before + 3; }));
  EXPECT_EQ(database_->hanging() + other->hanging(), 1);
  sampler_.reset();
}

TEST_F(SamplerTest, IdleSessionElsewhereMakesRoomAtTheLimitOverAllDatabases) {
  auto other = std::make_shared<FakeDatabase>("other");
  const std::vector<Target> targets = {MakeTarget("a", 1s), MakeTarget("b", 1s, 1s, "other")};
  board_.Configure(targets, {"app", "other"}, 10'000);
  sampler_.emplace(board_, heartbeats_,
                   SamplerOptions{{{database_, 2}, {other, 2}}, targets, 1, 100});
  ASSERT_TRUE(Eventually([&] { return State("a")->samples >= 3 && State("b")->samples >= 3; }));
  EXPECT_LE(database_->most_open(), 1);
  EXPECT_LE(other->most_open(), 1);
  EXPECT_LE(database_->open() + other->open(), 1);
  sampler_.reset();
}

}  // namespace
}  // namespace tidegauge
