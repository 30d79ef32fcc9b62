#include "runtime/heartbeat.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

TEST(HeartbeatTest, LoopThatTurnsIsNotStuck) {
  HeartbeatMonitor monitor;
  Heartbeat beat(monitor, "page");
  EXPECT_EQ(monitor.Stuck(), Names{});
}

TEST(HeartbeatTest, SilentLoopIsNamedAndABeatCuresIt) {
  HeartbeatMonitor monitor;
  Heartbeat page(monitor, "page"), watchdog(monitor, "watchdog");
  const auto later = std::chrono::steady_clock::now() + HeartbeatMonitor::kStuckAfter + 1s;
  EXPECT_EQ(monitor.Stuck(later), (Names{"page", "watchdog"}));
  page.BeatUntil(later);
  EXPECT_EQ(monitor.Stuck(later), Names{"watchdog"});
}

TEST(HeartbeatTest, AnnouncedSilenceIsNotStuckUntilItIsOver) {
  HeartbeatMonitor monitor;
  Heartbeat worker(monitor, "worker");
  const auto now = std::chrono::steady_clock::now();
  worker.BeatUntil(now + 60s);
  EXPECT_EQ(monitor.Stuck(now + 60s), Names{});
  EXPECT_EQ(monitor.Stuck(now + 61s + HeartbeatMonitor::kStuckAfter), Names{"worker"});
}

TEST(HeartbeatTest, LoopThatEndedIsForgotten) {
  HeartbeatMonitor monitor;
  { Heartbeat beat(monitor, "page"); }
  EXPECT_EQ(monitor.Stuck(std::chrono::steady_clock::now() + 1h), Names{});
}

}  // namespace
}  // namespace tidegauge
