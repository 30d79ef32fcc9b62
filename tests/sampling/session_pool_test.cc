#include "sampling/session_pool.h"

#include <gtest/gtest.h>

#include "sampling/fake_database.h"

namespace tidegauge {
namespace {

using namespace std::chrono_literals;
using Clock = SessionPool::Clock;
using Access = SessionPool::Access;

const Clock::time_point kStart{1000h};

class SessionPoolTest : public testing::Test {
 protected:
  // A session made and used until `now`.
  void Use(Clock::time_point now) {
    pool_.Take();
    pool_.Reached(now);
    pool_.Return(database_->Connect(now), now);
  }

  std::shared_ptr<FakeDatabase> database_ = std::make_shared<FakeDatabase>();
  SessionPool pool_{database_, 2, kStart};
};

TEST_F(SessionPoolTest, OffersUpToItsMostSessions) {
  EXPECT_EQ(pool_.access(kStart), Access::kReady);
  pool_.Take();
  EXPECT_EQ(pool_.access(kStart), Access::kReady);
  pool_.Take();
  EXPECT_EQ(pool_.access(kStart), Access::kBusy);
  pool_.Drop();
  EXPECT_EQ(pool_.access(kStart), Access::kReady);
}

TEST_F(SessionPoolTest, IsDownWhereNothingIsOpenAndConnectingFailed) {
  pool_.Take();
  pool_.Drop();
  pool_.ConnectFailed("refused", kStart);
  EXPECT_EQ(pool_.access(kStart), Access::kDown);
  EXPECT_EQ(pool_.error(), "refused");
  EXPECT_EQ(pool_.access(pool_.blocked_until()), Access::kReady);
}

TEST_F(SessionPoolTest, IsBusyAndNotDownWhereOnlyASecondSessionWasRefused) {
  Use(kStart);
  pool_.Take();
  pool_.Take();
  pool_.Drop();
  pool_.ConnectFailed("too many connections", kStart);
  EXPECT_TRUE(pool_.up());
  EXPECT_EQ(pool_.access(kStart), Access::kBusy);
  pool_.Drop();  // the other one makes room for another database
  EXPECT_EQ(pool_.access(kStart), Access::kBusy) << "it was reached: there is no error to tell";
  EXPECT_EQ(pool_.access(pool_.blocked_until()), Access::kReady);
}

TEST_F(SessionPoolTest, AskingAnIdleSessionDoesNotKeepItOpen) {
  Use(kStart);
  const auto since = pool_.NewestIdleSince();
  ASSERT_EQ(since, kStart);
  EXPECT_EQ(pool_.ProbeDue(), kStart + SessionPool::kProbeEvery);
  auto session = pool_.Take();
  pool_.Reached(kStart + 1min);
  pool_.Return(std::move(session), *since);
  EXPECT_EQ(pool_.OldestIdleSince(), kStart);
  EXPECT_EQ(pool_.ProbeDue(), kStart + 1min + SessionPool::kProbeEvery);
}

TEST_F(SessionPoolTest, SessionUnusedForLongestIsTheFirstToGo) {
  pool_.Take();
  pool_.Take();
  pool_.Return(database_->Connect(kStart), kStart + 2s);
  pool_.Return(database_->Connect(kStart), kStart + 1s);
  EXPECT_EQ(pool_.OldestIdleSince(), kStart + 1s);
  EXPECT_EQ(pool_.NewestIdleSince(), kStart + 2s);
  pool_.TakeOldestIdle();
  EXPECT_EQ(pool_.OldestIdleSince(), kStart + 2s);
}

}  // namespace
}  // namespace tidegauge
