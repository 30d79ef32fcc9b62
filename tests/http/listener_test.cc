#include "http/listener.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "http/address.h"
#include "http/raw_client.h"
#include "http/routes.h"
#include "http/server.h"

namespace tidegauge {
namespace {

template <typename Call>
std::string ErrorOf(Call call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

bool HasIpv6() {
  return ErrorOf([] { OpenListener("[::1]:0"); }) == "no error";
}

TEST(ListenAddressTest, ReadsHostAndPort) {
  struct Case {
    const char* text;
    const char* host;
    int port;
  };
  for (const Case& test : {Case{"127.0.0.1:9847", "127.0.0.1", 9847}, Case{":9847", "", 9847},
                           Case{"localhost:0", "localhost", 0}, Case{"[::1]:80", "::1", 80},
                           Case{"[::]:65535", "::", 65535}}) {
    const ListenAddress address = ParseListenAddress(test.text);
    EXPECT_EQ(address.host, test.host) << test.text;
    EXPECT_EQ(address.port, test.port) << test.text;
  }
}

TEST(ListenAddressTest, RefusesWhatIsNone) {
  for (const std::string text : {"", "9847", "host", "host:", ":", "host:port", "host:-1",
                                 "host:65536", "host:1x", "::1:80", "[::1]", "[::1]80", "[]:80",
                                 "[::1:80", "::1]:80", "a b:80", "http://host:80", "host:80/"}) {
    EXPECT_EQ(ErrorOf([&] { ParseListenAddress(text); }),
              "'" + text +
                  "' is no listen address: expected host:port, [IPv6]:port, or :port for every "
                  "address, such as 127.0.0.1:9847");
  }
}

TEST(ListenerTest, SaysWhatToDoWhereItCannotListen) {
  const FileDescriptor taken = OpenListener("127.0.0.1:0");
  const std::string address = "127.0.0.1:" + std::to_string(PortOf(taken));
  EXPECT_EQ(ErrorOf([&] { OpenListener(address); }),
            "cannot listen on " + address +
                ": the address is in use; stop the program that has it, or set web.listen "
                "(--web.listen-address) to another port");
  // 192.0.2.0/24 is for documentation: no machine has it, but for the odd test network's .2.
  EXPECT_EQ(ErrorOf([] { OpenListener("192.0.2.77:9847"); }),
            "cannot listen on 192.0.2.77:9847: this machine has no such address; set web.listen "
            "(--web.listen-address) to one of its own, or to :9847 for all of them");
  const std::string unresolved = ErrorOf([] { OpenListener("nowhere.invalid:9847"); });
  EXPECT_EQ(unresolved.rfind("cannot listen on nowhere.invalid:9847: 'nowhere.invalid' does not "
                             "resolve (",
                             0),
            0u)
      << unresolved;
  EXPECT_NE(
      unresolved.find("); set web.listen (--web.listen-address) to an address of this machine"),
      std::string::npos)
      << unresolved;
}

HttpOptions On(const std::string& listen) {
  HttpOptions options;
  options.listen = listen;
  return options;
}

std::string RemoteSeenOver(const HttpServer& server, const std::string& to) {
  RawClient client(server.port(), "", to);
  client.Send("GET /remote HTTP/1.0\r\n\r\n");
  return client.Receive().body;
}

TEST(ListenerTest, ServesOnAFreePortWherePortIsZero) {
  HeartbeatMonitor heartbeats;
  const HttpServer one(On("127.0.0.1:0"), TestRoutes(), heartbeats);
  const HttpServer two(On("localhost:0"), TestRoutes(), heartbeats);
  EXPECT_NE(one.port(), 0);
  EXPECT_NE(one.port(), two.port());
  EXPECT_EQ(RemoteSeenOver(one, "127.0.0.1").rfind("127.0.0.1:", 0), 0u);
  EXPECT_EQ(RemoteSeenOver(two, "127.0.0.1").rfind("127.0.0.1:", 0), 0u);
}

TEST(ListenerTest, ServesIpv4AndIpv6OnEveryAddress) {
  HeartbeatMonitor heartbeats;
  for (const char* every : {":0", "[::]:0"}) {
    if (!HasIpv6() && every[0] == '[') continue;
    const HttpServer server(On(every), TestRoutes(), heartbeats);
    EXPECT_EQ(RemoteSeenOver(server, "127.0.0.1").rfind("127.0.0.1:", 0), 0u);
    if (HasIpv6()) {
      EXPECT_EQ(RemoteSeenOver(server, "::1").rfind("[::1]:", 0), 0u);
    }
  }
}

TEST(ListenerTest, ServesIpv6Alone) {
  if (!HasIpv6()) GTEST_SKIP() << "this machine has no IPv6";
  HeartbeatMonitor heartbeats;
  const HttpServer server(On("[::1]:0"), TestRoutes(), heartbeats);
  EXPECT_EQ(RemoteSeenOver(server, "::1").rfind("[::1]:", 0), 0u);
}

TEST(ListenerTest, TakesItsPortAgainAtOnce) {
  HeartbeatMonitor heartbeats;
  std::string address;
  {
    const HttpServer server(On("127.0.0.1:0"), TestRoutes(), heartbeats);
    address = "127.0.0.1:" + std::to_string(server.port());
    EXPECT_EQ(Get(server.port(), "/").status, 200);
    RawClient client(server.port());  // closed by the server: leaves TIME_WAIT on its side
    client.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    client.ReceiveAll();
  }
  const HttpServer again(On(address), TestRoutes(), heartbeats);
  EXPECT_EQ(Get(again.port(), "/").status, 200);
}

}  // namespace
}  // namespace tidegauge
