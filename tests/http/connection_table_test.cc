#include "http/connection_table.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tidegauge {
namespace {

using namespace std::chrono_literals;

PeerAddress Peer(std::uint8_t last) {
  PeerAddress peer{};
  peer.back() = last;
  return peer;
}

class ConnectionTableTest : public testing::Test {
 protected:
  ConnectionTable::Time At(std::chrono::milliseconds offset) const { return start_ + offset; }
  // As the server does: what must go goes.
  Connection* Come(int fd, std::uint8_t peer, std::chrono::milliseconds at) {
    const ConnectionTable::Admission admission = table_.Admit(Peer(peer));
    if (!admission.admitted) return nullptr;
    if (admission.evict != nullptr) table_.Cut(*admission.evict);
    return &table_.Add(fd, Peer(peer), "", At(at));
  }

  const ConnectionTable::Time start_{};
  ConnectionTable table_{{3, 2, 10s, 30s}};
};

TEST_F(ConnectionTableTest, GivesUpTheOneThatWaitedLongest) {
  Connection* first = Come(1, 1, 0ms);
  Connection* second = Come(2, 2, 1ms);
  Connection* third = Come(3, 3, 2ms);
  table_.Answer(*first, At(3ms));
  EXPECT_EQ(table_.Admit(Peer(4)).evict, second);
  table_.Wait(*first, At(4ms));  // answered; now it has waited for the shortest time
  EXPECT_EQ(table_.Admit(Peer(4)).evict, second);
  Come(4, 4, 5ms);
  EXPECT_EQ(second->phase, Connection::Phase::kCut);
  EXPECT_EQ(table_.Admit(Peer(5)).evict, third);
  EXPECT_EQ(first->phase, Connection::Phase::kWaiting);
}

TEST_F(ConnectionTableTest, RefusesTheNewcomerWhereAllAreAnswered) {
  for (int fd = 1; fd <= 3; ++fd)
    table_.Answer(*Come(fd, static_cast<std::uint8_t>(fd), 0ms), At(0ms));
  EXPECT_FALSE(table_.Admit(Peer(4)).admitted);
  table_.Remove(*table_.Find(2));
  EXPECT_TRUE(table_.Admit(Peer(4)).admitted);
  EXPECT_EQ(table_.Admit(Peer(4)).evict, nullptr);
}

TEST_F(ConnectionTableTest, TakesAnAddressItsOwnConnectionsFirst) {
  Come(1, 1, 0ms);
  Connection* second = Come(2, 2, 1ms);
  Connection* third = Come(3, 2, 2ms);
  EXPECT_EQ(table_.Admit(Peer(2)).evict, second);  // not the first, which is older
  table_.Answer(*second, At(3ms));
  EXPECT_EQ(table_.Admit(Peer(2)).evict, third);
  table_.Answer(*third, At(3ms));
  EXPECT_FALSE(table_.Admit(Peer(2)).admitted);
  EXPECT_TRUE(table_.Admit(Peer(3)).admitted);
}

TEST_F(ConnectionTableTest, CountsWhatWasCutNoLonger) {
  for (int fd = 1; fd <= 3; ++fd) Come(fd, static_cast<std::uint8_t>(fd), 0ms);
  Connection* cut = table_.Find(1);
  table_.Cut(*cut);
  table_.Cut(*cut);
  EXPECT_EQ(table_.Admit(Peer(4)).evict, nullptr);
  // It stays cut whatever the library still says of it, and is found until it is removed.
  table_.Answer(*cut, At(1ms));
  table_.Wait(*cut, At(2ms));
  EXPECT_EQ(cut->phase, Connection::Phase::kCut);
  EXPECT_EQ(table_.Find(1), cut);
  table_.Remove(*cut);
  EXPECT_EQ(table_.Find(1), nullptr);
  EXPECT_EQ(table_.Admit(Peer(4)).evict, nullptr);
}

TEST_F(ConnectionTableTest, TellsWhoseTimeIsUp) {
  EXPECT_EQ(table_.NextDeadline(), std::nullopt);
  Connection* asked = Come(1, 1, 0ms);
  Connection* silent = Come(2, 2, 1000ms);
  table_.Answer(*asked, At(2000ms));
  EXPECT_EQ(table_.NextDeadline(), At(11'000ms));  // silent: 10 s from when it came
  EXPECT_EQ(table_.Overdue(At(10'999ms)), nullptr);
  EXPECT_EQ(table_.Overdue(At(11'000ms)), silent);
  table_.Cut(*silent);
  EXPECT_EQ(table_.NextDeadline(), At(32'000ms));  // asked: 30 s from its request
  EXPECT_EQ(table_.Overdue(At(31'999ms)), nullptr);
  EXPECT_EQ(table_.Overdue(At(32'000ms)), asked);
  table_.Wait(*asked, At(31'000ms));
  EXPECT_EQ(table_.NextDeadline(), At(41'000ms));  // 10 s from its answer's end
  EXPECT_EQ(table_.Overdue(At(41'000ms)), asked);
  table_.Cut(*asked);
  EXPECT_EQ(table_.Overdue(At(99'000ms)), nullptr);
  EXPECT_EQ(table_.NextDeadline(), std::nullopt);
}

}  // namespace
}  // namespace tidegauge
