#include "sampling/board.h"

#include <gtest/gtest.h>

#include <thread>

namespace tidegauge {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<Query> MakeQuery(const std::string& name) {
  auto query = std::make_shared<Query>();
  query->name = name;
  query->file = "queries/" + name + ".sql";
  query->statement = "SELECT 1";
  query->gauges = {Gauge{.name = name + "_items"}};
  return query;
}

Outcome Success(std::size_t series = 1) {
  auto reading = std::make_shared<Reading>();
  reading->time = std::chrono::system_clock::now();
  reading->series = series;
  return {reading, std::nullopt, 10ms};
}

Outcome Failed(Reason reason) { return {nullptr, Failure{reason, "it failed", ""}, 20ms}; }

class BoardTest : public testing::Test {
 protected:
  BoardTest() { board_.Configure({a_, b_}, {"app"}, 10); }
  const TargetState& State(std::size_t i) {
    snapshot_ = board_.Snapshot();
    return *snapshot_.targets.at(i);
  }
  Target a_{MakeQuery("a"), "app"};
  Target b_{MakeQuery("b"), "app"};
  Board board_{10};
  BoardSnapshot snapshot_;
};

TEST_F(BoardTest, EveryTargetExistsFromTheStartWithoutAReading) {
  EXPECT_EQ(State(0).query->name, "a");
  EXPECT_FALSE(State(0).tried);
  EXPECT_FALSE(State(0).up);
  EXPECT_EQ(State(0).reading, nullptr);
  EXPECT_EQ(snapshot_.databases.size(), 1U);
  EXPECT_FALSE(snapshot_.databases[0]->up);
}

TEST_F(BoardTest, FailureKeepsTheFormerReadingAndCountsItsReason) {
  board_.Publish(a_, Success());
  const auto reading = State(0).reading;
  board_.Publish(a_, Failed(Reason::kTimeout));
  EXPECT_EQ(State(0).reading, reading);
  EXPECT_FALSE(State(0).up);
  EXPECT_EQ(State(0).samples, 2U);
  EXPECT_EQ(State(0).failures, 1U);
  EXPECT_EQ(State(0).failure->reason, Reason::kTimeout);
  const auto& failures = snapshot_.databases[0]->failures;
  EXPECT_EQ(failures[static_cast<std::size_t>(Reason::kTimeout)], 1U);
  EXPECT_EQ(failures[static_cast<std::size_t>(Reason::kSql)], 0U);
}

TEST_F(BoardTest, ReadingThatTakesThePageOverTheLimitFails) {
  EXPECT_FALSE(board_.Publish(a_, Success(6)).failure);
  const Outcome outcome = board_.Publish(b_, Success(5));
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->reason, Reason::kTooManySeries);
  EXPECT_EQ(outcome.failure->message,
            "queries/b.sql: 5 series would take the page to 11, over limits.series (10): export "
            "fewer series or raise limits.series");
  EXPECT_EQ(State(1).reading, nullptr);
  EXPECT_FALSE(board_.Publish(b_, Success(4)).failure);
  EXPECT_FALSE(board_.Publish(b_, Success(4)).failure) << "its own former reading counted twice";
}

TEST_F(BoardTest, ExpiredReadingsDoNotCountAgainstTheLimit) {
  Outcome old = Success(10);
  auto reading = std::make_shared<Reading>(*old.reading);
  reading->time -= a_.query->keep_for + 1s;
  board_.Publish(a_, {reading, std::nullopt, 0s});
  EXPECT_FALSE(board_.Publish(b_, Success(10)).failure);
}

TEST_F(BoardTest, ReconfigureKeepsWhatStaysAndForgetsTheRest) {
  board_.Publish(a_, Success());
  board_.Publish(b_, Success());
  auto changed = MakeQuery("b");
  changed->statement = "SELECT 2";
  board_.Configure({a_, Target{changed, "app"}}, {"app", "other"}, 10);
  EXPECT_EQ(State(0).samples, 1U);
  EXPECT_NE(State(0).reading, nullptr);
  EXPECT_EQ(State(1).samples, 0U);
  EXPECT_EQ(State(1).reading, nullptr);
  EXPECT_EQ(snapshot_.databases.size(), 2U);
}

TEST_F(BoardTest, OutcomeOfAQueryThatWasReplacedIsIgnored) {
  auto changed = MakeQuery("b");
  changed->statement = "SELECT 2";
  board_.Configure({a_, Target{changed, "app"}}, {"app"}, 10);
  board_.Publish(b_, Success());
  board_.CountSkipped(b_, 3);
  EXPECT_EQ(State(1).samples, 0U);
  EXPECT_EQ(State(1).skipped, 0U);
}

TEST_F(BoardTest, OutcomeUnderFormerParamsIsIgnored) {
  Target other = b_;
  other.params = {{"stale_after", "48 hours"}};
  board_.Configure({a_, other}, {"app"}, 10);
  board_.Publish(b_, Success());
  EXPECT_EQ(State(1).reading, nullptr);
  board_.Publish(other, Success());
  EXPECT_NE(State(1).reading, nullptr);
}

TEST_F(BoardTest, UntouchedStatesAreTheSameObjects) {
  const BoardSnapshot before = board_.Snapshot();
  board_.Publish(a_, Success());
  const BoardSnapshot after = board_.Snapshot();
  EXPECT_NE(before.targets[0], after.targets[0]);
  EXPECT_EQ(before.targets[1], after.targets[1]);
  EXPECT_EQ(before.databases[0], after.databases[0]);
  EXPECT_GT(after.version, before.version);
}

TEST_F(BoardTest, WaitEndsAtAChangeAndAtItsTime) {
  const std::uint64_t seen = board_.Snapshot().version;
  std::jthread publisher([&] { board_.Publish(a_, Success()); });
  EXPECT_NE(board_.Wait(seen, std::chrono::steady_clock::now() + 60s, {}), seen);
  publisher.join();
  const std::uint64_t now = board_.Snapshot().version;
  EXPECT_EQ(board_.Wait(now, std::chrono::steady_clock::now() + 1ms, {}), now);
}

}  // namespace
}  // namespace tidegauge
