// Slow, silent, endless and many clients.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "http/raw_client.h"
#include "http/routes.h"
#include "http/server.h"
#include "support/eventually.h"

namespace tidegauge {
namespace {

using namespace std::chrono_literals;

const std::string kGet = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
const std::string kGetBig = "GET /big HTTP/1.1\r\nHost: test\r\n\r\n";

// Deadlines that no test reaches unless it sets its own.
HttpOptions Patient() {
  HttpOptions options;
  options.listen = "127.0.0.1:0";
  options.request_deadline = std::chrono::hours(1);
  options.response_deadline = std::chrono::hours(1);
  return options;
}

// Sets the soft limit of open files for as long as it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t soft) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = soft;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~FileLimit() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

rlim_t SoftLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

class LimitsTest : public testing::Test {
 protected:
  void Start(const HttpOptions& options) {
    server_.emplace(options, TestRoutes(big_), heartbeats_);
  }
  std::uint16_t port() const { return server_->port(); }

  std::shared_ptr<const std::string> big_ = std::make_shared<const std::string>(BigBody());
  HeartbeatMonitor heartbeats_;
  std::optional<HttpServer> server_;
};

std::size_t CountClosed(std::list<RawClient>& clients) {
  std::size_t closed = 0;
  for (RawClient& client : clients) closed += client.Closed() ? 1 : 0;
  return closed;
}

TEST_F(LimitsTest, ClosesAClientThatSaysNothingAtTheDeadline) {
  HttpOptions options = Patient();
  options.request_deadline = 100ms;
  Start(options);
  RawClient silent(port());
  EXPECT_EQ(silent.ReceiveAll(), "");
}

TEST_F(LimitsTest, ClosesAClientThatSendsHeadersForEverAtTheDeadline) {
  HttpOptions options = Patient();
  options.request_deadline = 300ms;
  Start(options);
  RawClient endless(port());
  endless.Send("GET / HTTP/1.1\r\nHost: test\r\n");
  // Never idle for long, never complete.
  EXPECT_TRUE(Eventually([&] { return !endless.Send("a: b\r\n") || endless.Closed(); }));
}

TEST_F(LimitsTest, ClosesAClientThatSendsABodyForEverAtTheDeadline) {
  HttpOptions options = Patient();
  options.request_deadline = 300ms;
  Start(options);
  RawClient endless(port());
  endless.Send("POST /post HTTP/1.1\r\nHost: test\r\nContent-Length: 60000\r\n\r\n");
  EXPECT_TRUE(Eventually([&] { return !endless.Send("a") || endless.Closed(); }));
}

TEST_F(LimitsTest, ClosesAConnectionThatStaysIdleAfterAnAnswer) {
  HttpOptions options = Patient();
  options.request_deadline = 300ms;
  Start(options);
  RawClient client(port());
  client.Send(kGet);
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_TRUE(client.WaitClosed());
}

TEST_F(LimitsTest, GivesARequestItsWholeTimeAfterAnAnswer) {
  HttpOptions options = Patient();
  options.request_deadline = 2s;
  Start(options);
  RawClient client(port());
  // Each request well within its deadline, all of them well beyond one.
  for (int i = 0; i < 12; ++i) {
    client.Send(kGet);
    ASSERT_EQ(client.Receive().status, 200) << i;
    std::this_thread::sleep_for(250ms);
  }
}

TEST_F(LimitsTest, GivesUpAnAnswerThatIsNotReadAtTheDeadline) {
  HttpOptions options = Patient();
  options.response_deadline = 2s;
  Start(options);
  const long held = big_.use_count();
  RawClient lazy(port());
  lazy.Send(kGetBig);
  ASSERT_TRUE(Eventually([&] { return big_.use_count() > held; }));
  // The body is let go of though the client has neither read nor closed.
  EXPECT_TRUE(Eventually([&] { return big_.use_count() <= held; }));
  EXPECT_LT(lazy.ReceiveAll().size(), kBigBytes);
}

TEST_F(LimitsTest, AnswersAScrapeAmongMoreIdleConnectionsThanItsLimit) {
  const FileLimit enough(4096);  // for both ends
  Start(Patient());
  std::list<RawClient> idle;
  for (int i = 0; i < 1200; ++i) {
    idle.emplace_back(port(), "127.0.0." + std::to_string(2 + i % 12));  // 100 an address
  }
  EXPECT_EQ(Get(port(), "/").body, "home\n");
  // The oldest went, one for each newcomer beyond 1,024, and one for the scrape at the most.
  EXPECT_TRUE(Eventually([&] { return CountClosed(idle) >= 176; }));
  EXPECT_LE(CountClosed(idle), 177u);
  std::size_t index = 0;
  for (RawClient& client : idle) EXPECT_EQ(client.Closed(), index++ < CountClosed(idle)) << index;
  // Those that stayed are served.
  idle.back().Send(kGet);
  EXPECT_EQ(idle.back().Receive().status, 200);
}

TEST_F(LimitsTest, KeepsOneAddressToItsLimit) {
  Start(Patient());
  RawClient other(port(), "127.0.0.2");
  std::list<RawClient> greedy;
  for (int i = 0; i < 200; ++i) greedy.emplace_back(port());
  EXPECT_TRUE(Eventually([&] { return CountClosed(greedy) >= 72; }));
  EXPECT_EQ(CountClosed(greedy), 72u);
  std::size_t index = 0;
  for (RawClient& client : greedy) EXPECT_EQ(client.Closed(), index++ < 72) << index;
  // Another address loses nothing, though its connection is the oldest.
  other.Send(kGet);
  EXPECT_EQ(other.Receive().status, 200);
}

TEST_F(LimitsTest, CountsAKeptConnectionAsOneThatWaits) {
  HttpOptions options = Patient();
  options.max_connections = 2;
  Start(options);
  RawClient first(port());
  RawClient second(port());
  for (RawClient* client : {&second, &first}) {  // the second has waited longer now
    client->Send(kGet);
    ASSERT_EQ(client->Receive().status, 200);
  }
  RawClient third(port());
  third.Send(kGet);
  EXPECT_EQ(third.Receive().status, 200);
  EXPECT_TRUE(second.WaitClosed());
  first.Send(kGet);
  EXPECT_EQ(first.Receive().status, 200);
}

TEST_F(LimitsTest, ClosesTheNewcomerWhereAllAreBeingAnswered) {
  HttpOptions options = Patient();
  options.max_connections = 2;
  Start(options);
  const long held = big_.use_count();
  std::list<RawClient> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back(port());
    readers.back().Send(kGetBig);
  }
  ASSERT_TRUE(Eventually([&] { return big_.use_count() >= held + 2; }));
  for (int i = 0; i < 10; ++i) {
    RawClient newcomer(port());
    newcomer.Send(kGet);
    EXPECT_EQ(newcomer.ReceiveAll(), "");
  }
  for (RawClient& reader : readers) EXPECT_EQ(reader.Receive().body, *big_);
  EXPECT_EQ(Get(port(), "/").status, 200);
}

TEST_F(LimitsTest, ServesThousandsOfConnectionsOneAfterAnother) {
  HttpOptions options = Patient();
  options.max_connections = 8;
  Start(options);
  for (int i = 0; i < 2000; ++i) {
    RawClient client(port());
    client.Send(kGet);
    ASSERT_EQ(client.Receive().status, 200) << i;
    if (i % 3 == 0) client.Reset();
  }
}

rlim_t HardLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_max;
}

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

TEST_F(LimitsTest, NeitherSpinsNorDiesWithoutFileDescriptors) {
  Start(Patient());
  RawClient kept(port());
  kept.Send(kGet);
  ASSERT_EQ(kept.Receive().status, 200);
  RawClient newcomer = [&] {
    const int next = dup(0);
    close(next);
    // Room for the client's own socket and none for the server's.
    const FileLimit limit(static_cast<rlim_t>(next) + 1);
    RawClient client(port());
    client.Send(kGet);
    // The connection that waits is given up, and then its descriptor serves the newcomer.
    EXPECT_TRUE(kept.WaitClosed());
    EXPECT_EQ(client.Receive().status, 200);
    return client;
  }();
  RawClient stuck = [&] {
    // The server's own are all in use now: one is answered and cannot be given up.
    const long held = big_.use_count();
    newcomer.Send(kGetBig);
    EXPECT_TRUE(Eventually([&] { return big_.use_count() > held; }));
    const int next = dup(0);
    close(next);
    const FileLimit limit(static_cast<rlim_t>(next) + 1);
    RawClient client(port());
    client.Send(kGet);
    const double before = CpuSeconds();
    std::this_thread::sleep_for(1s);
    EXPECT_LT(CpuSeconds() - before, 0.5);  // a spinning loop takes a whole one
    return client;
  }();
  EXPECT_EQ(stuck.Receive().status, 200);  // once there are some
}

TEST(FileLimitTest, IsRaisedToWhatTheConnectionsNeed) {
  const FileLimit low(600);
  if (HardLimit() < 1280) GTEST_SKIP() << "the hard limit of open files is lower";
  HeartbeatMonitor heartbeats;
  const HttpServer server(Patient(), TestRoutes(), heartbeats);
  EXPECT_GE(SoftLimit(), 1280u);
}

TEST_F(LimitsTest, StopsAtOnceWhileClientsHang) {
  Start(Patient());
  RawClient silent(port());
  RawClient half(port());
  half.Send("GET / HT");
  RawClient posting(port());
  posting.Send("POST /post HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\nabc");
  RawClient kept(port());
  kept.Send(kGet);
  EXPECT_EQ(kept.Receive().status, 200);
  RawClient lazy(port());
  const long held = big_.use_count();
  lazy.Send(kGetBig);
  ASSERT_TRUE(Eventually([&] { return big_.use_count() > held; }));
  server_.reset();  // an hour before any deadline
  EXPECT_EQ(silent.ReceiveAll(), "");
  EXPECT_EQ(half.ReceiveAll(), "");
  EXPECT_EQ(posting.ReceiveAll(), "");
  EXPECT_TRUE(kept.WaitClosed());
  EXPECT_LT(lazy.ReceiveAll().size(), kBigBytes);
  EXPECT_EQ(big_.use_count(), 1);
}

TEST_F(LimitsTest, StopsWhileRequestsPourIn) {
  for (int i = 0; i < 20; ++i) {
    Start(Patient());
    std::jthread busy([port = port()](std::stop_token stop) {
      try {
        while (!stop.stop_requested()) Get(port, "/");
      } catch (const std::exception&) {  // it is gone
      }
    });
    EXPECT_EQ(Get(port(), "/").status, 200);
    server_.reset();
  }
}

}  // namespace
}  // namespace tidegauge
