#include "sampling/schedule.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

using namespace std::chrono_literals;
using Clock = Schedule::Clock;

const Clock::time_point kStart{1000h};

// every 1m, timeout 5s, ticks 40 s after each full minute from the start.
Schedule EveryMinute(std::uint64_t phase = 40'000) { return {60s, 5s, phase, kStart}; }

// The start's sample, done at once and well.
Schedule Started(Schedule schedule, std::optional<Reason> failure = std::nullopt) {
  schedule.Begin(kStart);
  schedule.End(kStart + 1s, failure);
  return schedule;
}

TEST(ScheduleTest, FirstSampleIsDueAtStart) { EXPECT_EQ(EveryMinute().due(), kStart); }

TEST(ScheduleTest, TicksFollowThePhaseWithoutDrift) {
  Schedule schedule = Started(EveryMinute());
  for (int k = 0; k < 100; ++k) {
    const auto tick = kStart + 40s + k * 60s;
    ASSERT_EQ(schedule.due(), tick);
    EXPECT_EQ(schedule.Begin(tick + 3s), 0U);  // a late start moves nothing
    EXPECT_EQ(schedule.End(tick + 4s, std::nullopt), 0U);
  }
}

TEST(ScheduleTest, FirstTickWithinHalfAnIntervalOfTheStartIsLeftOut) {
  struct Case {
    const char* name;
    std::uint64_t phase;
    std::chrono::seconds first_tick;
  };
  for (const Case& c : {Case{"right at the start", 0, 60s}, Case{"just within", 29'999, 89s},
                        Case{"at half an interval", 30'000, 30s}, Case{"beyond", 45'000, 45s}}) {
    SCOPED_TRACE(c.name);
    const Schedule schedule = Started(EveryMinute(c.phase));
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(schedule.due() - kStart), c.first_tick);
  }
}

TEST(ScheduleTest, TickThatFindsTheQueryRunningIsSkippedAndCounted) {
  Schedule schedule = Started(EveryMinute());
  schedule.Begin(kStart + 40s);
  EXPECT_EQ(schedule.End(kStart + 40s + 125s, std::nullopt), 2U);
  EXPECT_EQ(schedule.due(), kStart + 40s + 180s);
}

TEST(ScheduleTest, TicksThatPassWhileWaitingForASessionAreSkippedButOne) {
  Schedule schedule = Started(EveryMinute());
  EXPECT_EQ(schedule.Begin(kStart + 40s + 130s), 2U);
  EXPECT_EQ(schedule.End(kStart + 40s + 131s, std::nullopt), 0U);
  EXPECT_EQ(schedule.due(), kStart + 40s + 180s);
}

TEST(ScheduleTest, RetriesDoubleFromTheFailuresEndAndTicksGoOn) {
  Schedule schedule{10min, 5s, 300'000, kStart};  // first tick at 5 min
  schedule.Begin(kStart);
  schedule.End(kStart + 2s, Reason::kSql);
  auto at = kStart + 2s + 15s;
  EXPECT_EQ(schedule.due(), at);
  for (auto delay : {30s, 60s, 120s}) {
    schedule.Begin(at);
    schedule.End(at + 1s, Reason::kSql);
    at = at + 1s + delay;
    EXPECT_EQ(schedule.due(), at);
  }
  schedule.Begin(at);  // 3 m 50 s
  schedule.End(at + 1s, Reason::kSql);
  EXPECT_EQ(schedule.due(), kStart + 5min);  // four minutes more would be past the tick
}

TEST(ScheduleTest, SuccessEndsTheRetriesAndResetsTheLadder) {
  Schedule schedule = Started(EveryMinute(), Reason::kColumns);
  EXPECT_EQ(schedule.due(), kStart + 16s);
  schedule.Begin(kStart + 16s);
  schedule.End(kStart + 17s, std::nullopt);
  EXPECT_EQ(schedule.due(), kStart + 40s);
  schedule.Begin(kStart + 40s);
  schedule.End(kStart + 41s, Reason::kColumns);
  EXPECT_EQ(schedule.due(), kStart + 56s);
}

TEST(ScheduleTest, RetryAfterTimeoutWaitsTenTimesTheTimeout) {
  Schedule schedule{10min, 5s, 300'000, kStart};
  schedule.Begin(kStart);
  schedule.End(kStart + 5s, Reason::kTimeout);
  EXPECT_EQ(schedule.due(), kStart + 55s);
}

TEST(ScheduleTest, RetryNeverReplacesATick) {
  Schedule schedule = Started(EveryMinute(), Reason::kSql);  // retry at 16 s, tick at 40 s
  schedule.Begin(kStart + 16s);
  EXPECT_EQ(schedule.End(kStart + 45s, std::nullopt), 0U);  // ran over the tick
  EXPECT_EQ(schedule.due(), kStart + 40s);                  // which is due at once
  EXPECT_EQ(schedule.Begin(kStart + 45s), 0U);
  EXPECT_EQ(schedule.End(kStart + 46s, std::nullopt), 0U);
  EXPECT_EQ(schedule.due(), kStart + 100s);
}

TEST(ScheduleTest, AfterConnectTheRetryComesAsSoonAsTheDatabaseIsReached) {
  Schedule schedule = Started(EveryMinute(), Reason::kConnect);
  EXPECT_EQ(schedule.due(), kStart + 40s);
  schedule.DatabaseReached(kStart + 7s);
  EXPECT_EQ(schedule.due(), kStart + 7s);
  schedule.Begin(kStart + 7s);
  schedule.End(kStart + 8s, std::nullopt);
  schedule.DatabaseReached(kStart + 9s);  // nothing is waiting any longer
  EXPECT_EQ(schedule.due(), kStart + 40s);
}

TEST(ScheduleTest, QueryThatLosesItsSessionEachTimeWaitsAsAfterAnyFailure) {
  Schedule schedule({1h, 5s, 1'800'000, kStart});
  schedule.Begin(kStart);
  schedule.End(kStart + 1s, Reason::kConnect);
  Clock::time_point now = kStart + 2s;
  for (const auto delay : {0s, 15s, 30s, 60s}) {
    schedule.DatabaseReached(now);
    EXPECT_EQ(schedule.due(), now + delay);
    now = schedule.due() + 1s;
    schedule.Begin(schedule.due());
    schedule.End(now, Reason::kConnect);
  }
  schedule.DatabaseReached(now);
  schedule.Begin(schedule.due());
  schedule.End(now, Reason::kSql);  // any other outcome: the server lives
  schedule.Begin(schedule.due());
  schedule.End(now, Reason::kConnect);
  schedule.DatabaseReached(now);
  EXPECT_EQ(schedule.due(), now);
}

TEST(ScheduleTest, CutFirstSampleIsDueAgainAtOnceAndIsStillTheFirst) {
  Schedule schedule = EveryMinute(10'000);
  schedule.Begin(kStart);
  schedule.Restart(kStart + 1s);
  EXPECT_EQ(schedule.due(), kStart + 1s);
  schedule.Begin(kStart + 2s);
  schedule.End(kStart + 5s, std::nullopt);
  EXPECT_EQ(schedule.due(), kStart + 70s);
}

TEST(ScheduleTest, PhaseHashIsFixedAndTellsQueryFromDatabase) {
  EXPECT_EQ(PhaseHash("", ""), 0xaf63bd4c8601b7dfULL);  // FNV-1a of one zero byte
  EXPECT_NE(PhaseHash("a", "b"), PhaseHash("b", "a"));
  EXPECT_NE(PhaseHash("ab", ""), PhaseHash("a", "b"));
}

}  // namespace
}  // namespace tidegauge
