#include "database/watchdog.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>
#include <thread>
#include <vector>

#include "support/eventually.h"

namespace tidegauge {
namespace {

using Clock = Watchdog::Clock;

class SocketPair {
 public:
  SocketPair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets_), 0); }
  ~SocketPair() {
    Close();
    close(sockets_[1]);
  }
  int ours() const { return sockets_[0]; }
  void Close() {
    if (sockets_[0] >= 0) close(sockets_[0]);
    sockets_[0] = -1;
  }
  // Blocks until something comes or the connection is shut down.
  ssize_t ReadTheirs() {
    char byte;
    return read(sockets_[1], &byte, 1);
  }
  bool Works() {
    char byte;
    return send(sockets_[0], "x", 1, MSG_NOSIGNAL) == 1 && read(sockets_[1], &byte, 1) == 1;
  }

 private:
  int sockets_[2] = {-1, -1};
};

TEST(WatchdogTest, ShutsTheConnectionDownAtTheDeadline) {
  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  SocketPair pair;
  Watchdog::Guard guard(watchdog, pair.ours());
  guard.Arm(Clock::now() + std::chrono::milliseconds(20));
  char byte;
  EXPECT_EQ(read(pair.ours(), &byte, 1), 0);  // wakes up who waits
  EXPECT_EQ(pair.ReadTheirs(), 0);
  EXPECT_TRUE(guard.fired());
}

TEST(WatchdogTest, ReachesTheConnectionAndNotWhoeverHasItsNumberNow) {
  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  SocketPair pair;
  Watchdog::Guard guard(watchdog, pair.ours());
  const int number = pair.ours();
  SocketPair stranger;
  pair.Close();
  ASSERT_EQ(dup2(stranger.ours(), number), number);
  guard.Arm(Clock::now());
  EXPECT_EQ(pair.ReadTheirs(), 0);
  EXPECT_TRUE(stranger.Works());
  close(number);
}

TEST(WatchdogTest, DisarmedGuardDoesNotFire) {
  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  SocketPair kept;
  SocketPair cut;
  Watchdog::Guard first(watchdog, kept.ours());
  Watchdog::Guard second(watchdog, cut.ours());
  first.Arm(Clock::now() + std::chrono::hours(1));
  first.Arm(Clock::now() + std::chrono::milliseconds(100));
  first.Disarm();
  second.Arm(Clock::now() + std::chrono::milliseconds(200));
  EXPECT_EQ(cut.ReadTheirs(), 0);
  EXPECT_FALSE(first.fired());
  EXPECT_TRUE(kept.Works());
}

TEST(WatchdogTest, EarlierDeadlineOvertakesLaterOne) {
  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  SocketPair late;
  SocketPair early;
  Watchdog::Guard first(watchdog, late.ours());
  Watchdog::Guard second(watchdog, early.ours());
  first.Arm(Clock::now() + std::chrono::hours(1));
  second.Arm(Clock::now() + std::chrono::milliseconds(1));
  EXPECT_EQ(early.ReadTheirs(), 0);
  EXPECT_FALSE(first.fired());
  first.Cut();
  EXPECT_EQ(late.ReadTheirs(), 0);
  EXPECT_TRUE(first.fired());
}

TEST(WatchdogTest, ThrowsWhereTheSocketCannotBeDuplicated) {
  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  EXPECT_THROW(Watchdog::Guard(watchdog, -1), std::system_error);
}

TEST(WatchdogTest, BeatsWhileNothingIsArmed) {
  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  // Stuck() is asked from a later and later point: the beat must move on.
  const auto later = Clock::now() + HeartbeatMonitor::kStuckAfter + std::chrono::seconds(1);
  EXPECT_EQ(heartbeats.Stuck(later), std::vector<std::string>{"watchdog"});
  EXPECT_TRUE(Eventually([&] { return heartbeats.Stuck(later).empty(); }));
}

TEST(WatchdogTest, ManyGuardsFromManyThreads) {
  HeartbeatMonitor heartbeats;
  Watchdog watchdog(heartbeats);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&watchdog] {
      for (int i = 0; i < 50; ++i) {
        SocketPair pair;
        Watchdog::Guard guard(watchdog, pair.ours());
        if (i % 2 == 0) {
          guard.Arm(Clock::now());
          EXPECT_EQ(pair.ReadTheirs(), 0);
        } else {
          guard.Arm(Clock::now() + std::chrono::hours(1));
          EXPECT_TRUE(pair.Works());
          guard.Disarm();
        }
        EXPECT_EQ(guard.fired(), i % 2 == 0);
      }
    });
  }
}

}  // namespace
}  // namespace tidegauge
