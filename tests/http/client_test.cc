#include "http/client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "http/listener.h"
#include "http/routes.h"
#include "http/server.h"

namespace tidegauge {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kLong{60};

HttpOptions On(const std::string& listen) {
  HttpOptions options;
  options.listen = listen;
  return options;
}

std::string ErrorOf(const std::string& listen, std::chrono::milliseconds timeout) {
  try {
    HttpGet(listen, "/healthz", timeout);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(HttpClientTest, GetsStatusAndBody) {
  HeartbeatMonitor heartbeats;
  const HttpServer server(On("127.0.0.1:0"), TestRoutes(), heartbeats);
  const std::string listen = "127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(HttpGet(listen, "/", kLong).status, 200);
  EXPECT_EQ(HttpGet(listen, "/", kLong).body, "home\n");
  EXPECT_EQ(HttpGet(listen, "/unavailable", kLong).status, 503);
  EXPECT_EQ(HttpGet(listen, "/unavailable", kLong).body, "not yet\n");
}

TEST(HttpClientTest, AsksLoopbackWhereTheServerListensOnEveryAddress) {
  HeartbeatMonitor heartbeats;
  const HttpServer server(On(":0"), TestRoutes(), heartbeats);
  const std::string port = ":" + std::to_string(server.port());
  for (const std::string host : {"", "0.0.0.0", "[::]", "localhost"}) {
    EXPECT_EQ(HttpGet(host + port, "/", kLong).body, "home\n") << host;
  }
}

TEST(HttpClientTest, SaysWhyThereIsNoAnswer) {
  std::string port;
  {
    const FileDescriptor listener = OpenListener("127.0.0.1:0");
    port = std::to_string(PortOf(listener));
    // Connected by the kernel, and nobody answers.
    EXPECT_EQ(ErrorOf("127.0.0.1:" + port, 100ms),
              "no answer from http://127.0.0.1:" + port + "/healthz: no answer in time");
  }
  EXPECT_EQ(ErrorOf("127.0.0.1:" + port, kLong),
            "cannot connect to http://127.0.0.1:" + port + "/healthz: Connection refused");
  EXPECT_EQ(ErrorOf(":" + port, kLong), ErrorOf("127.0.0.1:" + port, kLong));
  EXPECT_EQ(ErrorOf("[::1]:" + port, kLong)
                .rfind("cannot connect to http://[::1]:" + port + "/healthz: ", 0),
            0u);
  EXPECT_NE(ErrorOf("nonsense", kLong).find("'nonsense' is no listen address"), std::string::npos);
}

}  // namespace
}  // namespace tidegauge
