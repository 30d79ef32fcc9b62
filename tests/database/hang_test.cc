// Servers and networks that hang, and what a sample costs: through a proxy that can be broken.

#include <gtest/gtest.h>
#include <signal.h>

#include <thread>
#include <vector>

#include "database/database.h"
#include "database/test_server.h"
#include "support/breakable_proxy.h"

namespace tidegauge {
namespace {

using Mode = BreakableProxy::Mode;
using std::chrono::milliseconds;

class HangTest : public ServerTest {
 protected:
  std::unique_ptr<Session> ConnectByProxy() {
    DatabaseConfig config = ReaderConfig();
    config.url = Url(reader_, "host=127.0.0.1 port=" + std::to_string(proxy_.port()));
    return Connect(config);
  }

  static std::chrono::steady_clock::time_point In(milliseconds time) {
    return std::chrono::steady_clock::now() + time;
  }

  static void ExpectCutOff(const DatabaseError& error) {
    EXPECT_EQ(error.failure().reason, Reason::kTimeout);
    EXPECT_STREQ(error.what(),
                 "queries/test/query.sql: no answer within the timeout of 200ms and a grace: the "
                 "connection was cut; the server or the network in between hangs");
    EXPECT_TRUE(error.session_lost());
  }

  BreakableProxy proxy_;
};

// The types of the messages in what a client sent ("QPBDES"), each checked to be whole.
std::string MessageTypes(const std::string& sent) {
  std::string types;
  for (std::size_t i = 0; i + 5 <= sent.size();) {
    types += sent[i];
    std::size_t length = 0;
    for (std::size_t b = 1; b <= 4; ++b) {
      length = length * 256 + static_cast<unsigned char>(sent[i + b]);
    }
    if (types.back() == 'P') {
      EXPECT_EQ(sent[i + 5], '\0') << "a named prepared statement";
    }
    i += 1 + length;
    EXPECT_LE(i, sent.size());
  }
  return types;
}

TEST_F(HangTest, SampleTakesThreeRoundTrips) {
  const auto session = ConnectByProxy();
  for (int i = 0; i < 3; ++i) {
    proxy_.Clear();
    TransactionOptions options = Options();
    options.params = {{"a", "1"}, {"b", "2"}};
    session->Begin(options, Soon());
    EXPECT_EQ(session->Fetch("SELECT 1 FROM generate_series(1, 10000)")->size(), 10'000u);
    session->Rollback();
    EXPECT_EQ(proxy_.round_trips(), 3u);
    EXPECT_EQ(MessageTypes(proxy_.sent()), "QPBDESQ");
  }
}

TEST_F(HangTest, DescribeTakesOneRoundTripAndProbeOne) {
  const auto session = ConnectByProxy();
  session->Begin(Options(), Soon());
  proxy_.Clear();
  session->Describe("SELECT * FROM (SELECT 1 AS a, 'x' AS b, now() AS c) AS q LIMIT 0");
  EXPECT_EQ(proxy_.round_trips(), 1u);
  session->Rollback();
  proxy_.Clear();
  session->Probe(Soon());
  EXPECT_EQ(proxy_.round_trips(), 1u);
}

TEST_F(HangTest, BlackHoleInMidQueryIsCutOffAsTimeout) {
  const auto session = ConnectByProxy();
  session->Begin(Options(milliseconds(200)), In(milliseconds(400)));
  proxy_.SetMode(Mode::kBlackHole);
  ExpectCutOff(ErrorOf([&] { session->Fetch("SELECT 1"); }));
  // Still unusable, and says so at once.
  EXPECT_TRUE(ErrorOf([&] { session->Begin(Options(), Soon()); }).session_lost());
}

TEST_F(HangTest, BlackHoleAtBeginIsCutOffAsTimeout) {
  const auto session = ConnectByProxy();
  proxy_.SetMode(Mode::kBlackHole);
  ExpectCutOff(ErrorOf([&] { session->Begin(Options(milliseconds(200)), In(milliseconds(400))); }));
}

TEST_F(HangTest, BlackHoleAtRollbackIsCutOffAsTimeout) {
  const auto session = ConnectByProxy();
  session->Begin(Options(milliseconds(200)), In(milliseconds(600)));
  session->Fetch("SELECT 1");
  proxy_.SetMode(Mode::kBlackHole);
  ExpectCutOff(ErrorOf([&] { session->Rollback(); }));
}

TEST_F(HangTest, BlackHoleAtProbeIsCutOffAsTimeout) {
  const auto session = ConnectByProxy();
  proxy_.SetMode(Mode::kBlackHole);
  const DatabaseError error = ErrorOf([&] { session->Probe(In(milliseconds(200))); });
  EXPECT_EQ(error.failure().reason, Reason::kTimeout);
  EXPECT_TRUE(error.session_lost());
}

TEST_F(HangTest, StallThatEndsInTimeDoesNoHarm) {
  const auto session = ConnectByProxy();
  session->Begin(Options(), Soon());
  proxy_.SetMode(Mode::kStall);
  std::jthread cure([&] {
    std::this_thread::sleep_for(milliseconds(100));
    proxy_.SetMode(Mode::kPass);
  });
  EXPECT_EQ(session->Fetch("SELECT 1")->size(), 1u);
  session->Rollback();
}

TEST_F(HangTest, DroppedConnectionIsConnect) {
  const auto session = ConnectByProxy();
  session->Begin(Options(), Soon());
  proxy_.SetMode(Mode::kDrop);
  const DatabaseError error = ErrorOf([&] { session->Fetch("SELECT 1"); });
  EXPECT_EQ(error.failure().reason, Reason::kConnect);
  EXPECT_EQ(std::string(error.what()).rfind("the connection to the server was lost: ", 0), 0u)
      << error.what();
  EXPECT_TRUE(error.session_lost());
}

TEST_F(HangTest, StoppedServerProcessIsCutOffAsTimeout) {
  const auto session = Connect();
  session->Begin(Options(milliseconds(200)), In(milliseconds(400)));
  const pid_t backend =
      std::stoi(Admin("SELECT pid FROM pg_stat_activity WHERE usename = '" + reader_ + "'"));
  ASSERT_EQ(kill(backend, SIGSTOP), 0);
  ExpectCutOff(ErrorOf([&] { session->Fetch("SELECT pg_sleep(3600)"); }));
  ASSERT_EQ(kill(backend, SIGCONT), 0);
  // It finds its client gone and ends by itself.
  EXPECT_TRUE(Eventually([&] {
    return Admin("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + reader_ + "'") == "0";
  }));
}

TEST_F(HangTest, SessionsOfManyThreadsDoNotDisturbEachOther) {
  const auto database = Make(ReaderConfig());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        const auto session = database->Connect(Soon());
        for (int j = 0; j < 5; ++j) {
          session->Begin(Options(), Soon());
          const auto rows = session->Fetch("SELECT " + std::to_string(t));
          EXPECT_EQ(rows->Get(0, 0), std::to_string(t));
          if (t == 0) ErrorOf([&] { session->Fetch("SELECT nonsense"); });
          session->Rollback();
        }
      }
    });
  }
}

TEST_F(HangTest, ShutdownAmidWorkEndsEverySession) {
  const auto database = Make(ReaderConfig());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      try {
        while (true) {
          const auto session = database->Connect(Soon());
          for (int i = 0; i < 10; ++i) {
            session->Begin(Options(), Soon());
            session->Fetch("SELECT pg_sleep(0.01)");
            session->Rollback();
          }
        }
      } catch (const DatabaseError& error) {
        EXPECT_EQ(error.failure().reason, Reason::kCancelled) << error.what();
      }
    });
  }
  ASSERT_TRUE(Eventually([&] {
    return Admin("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + reader_ + "'") == "4";
  }));
  database->Shutdown();
}

}  // namespace
}  // namespace tidegauge
