#include "http/server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/raw_client.h"
#include "http/routes.h"
#include "runtime/log.h"
#include "support/eventually.h"

namespace tidegauge {
namespace {

HttpOptions AnyPort() {
  HttpOptions options;
  options.listen = "127.0.0.1:0";
  return options;
}

class ServerTest : public testing::Test {
 protected:
  std::uint16_t port() const { return server_.port(); }

  std::shared_ptr<const std::string> big_ = std::make_shared<const std::string>(BigBody());
  HeartbeatMonitor heartbeats_;
  HttpServer server_{AnyPort(), TestRoutes(big_), heartbeats_};
};

const std::string kEnd = "Host: test\r\nConnection: close\r\n\r\n";

struct Case {
  const char* name;
  std::string request;
  std::vector<int> statuses;  // 0: closed without an answer. Several: by libmicrohttpd's version
};

TEST_F(ServerTest, AnswersEachRequestWithItsStatus) {
  const std::vector<Case> cases = {
      {"get", "GET / HTTP/1.1\r\n" + kEnd, {200}},
      {"http 1.0 without host", "GET / HTTP/1.0\r\n\r\n", {200}},
      {"http 1.1 without host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", {400}},
      {"no version", "GET /\r\n\r\n", {400}},
      {"word for version", "GET / FOO\r\n" + kEnd, {400}},
      {"http 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}},
      {"one word", "GARBAGE\r\n\r\n", {0, 400}},
      {"tls hello",
       std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
       {0, 400}},
      {"header without colon", "GET / HTTP/1.1\r\nfoo\r\n" + kEnd, {400}},
      {"folded header", "GET / HTTP/1.1\r\nX: a\r\n b\r\n" + kEnd, {200}},
      {"bare line feeds", "GET / HTTP/1.1\nHost: test\nConnection: close\n\n", {200}},
      {"empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n" + kEnd, {200}},
      {"nul in header", std::string("GET / HTTP/1.1\r\nX: a\0b\r\n", 24) + kEnd, {200, 400}},
      {"nul in path", std::string("GET /\0b HTTP/1.1\r\n", 18) + kEnd, {200, 400}},
      {"space in path", "GET /a b/c HTTP/1.1\r\n" + kEnd, {400, 301}},
      {"escaped path", "GET /%61%20b/c HTTP/1.1\r\n" + kEnd, {200}},
      {"broken escape", "GET /%6 HTTP/1.1\r\n" + kEnd, {400}},
      {"escaped nul", "GET /%00 HTTP/1.1\r\n" + kEnd, {400}},
      {"query", "GET /?a=%zz&b HTTP/1.1\r\n" + kEnd, {200}},
      {"absolute form", "GET http://test/a%20b/c HTTP/1.1\r\n" + kEnd, {200}},
      {"absolute form without path", "GET http://test HTTP/1.1\r\n" + kEnd, {200}},
      {"unknown path", "GET /nowhere HTTP/1.1\r\n" + kEnd, {404}},
      {"dots", "GET /../etc/passwd HTTP/1.1\r\n" + kEnd, {404}},
      {"star", "OPTIONS * HTTP/1.1\r\n" + kEnd, {404}},
      {"connect", "CONNECT test:80 HTTP/1.1\r\n" + kEnd, {400, 404}},
      {"wrong method", "DELETE / HTTP/1.1\r\n" + kEnd, {405}},
      {"unknown method", "BREW / HTTP/1.1\r\n" + kEnd, {405}},
      {"get of a post", "GET /post HTTP/1.1\r\n" + kEnd, {405}},
      {"post", "POST /post HTTP/1.1\r\nContent-Length: 3\r\n" + kEnd + "abc", {200}},
      {"post without body", "POST /post HTTP/1.1\r\n" + kEnd, {200}},
      {"get with body", "GET / HTTP/1.1\r\nContent-Length: 3\r\n" + kEnd + "abc", {200}},
      {"chunked",
       "POST /post HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + kEnd + "3\r\nabc\r\n0\r\n\r\n",
       {200}},
      {"broken chunk",
       "POST /post HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + kEnd + "zz\r\nabc\r\n0\r\n\r\n",
       {400}},
      {"endless chunk size",
       "POST /post HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + kEnd +
           "ffffffffffffffffff\r\nabc\r\n",
       {413}},
      {"too many chunks",
       "POST /post HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + kEnd + "18000\r\n" +
           std::string(0x18000, 'a') + "\r\n",
       {413}},
      {"large body", "POST /post HTTP/1.1\r\nContent-Length: 65537\r\n" + kEnd, {413}},
      {"largest body",
       "POST /post HTTP/1.1\r\nContent-Length: 65536\r\n" + kEnd + std::string(65536, 'a'),
       {200}},
      {"length beyond 64 bits",
       "POST /post HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n" + kEnd,
       {413}},
      {"length is a word", "POST /post HTTP/1.1\r\nContent-Length: abc\r\n" + kEnd, {400}},
      {"negative length", "POST /post HTTP/1.1\r\nContent-Length: -1\r\n" + kEnd, {400}},
      {"two lengths",
       "POST /post HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n" + kEnd + "abcd",
       {400}},
      {"length and chunks",
       "POST /post HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n" + kEnd +
           "0\r\n\r\n",
       {400}},
      {"unknown transfer encoding",
       "POST /post HTTP/1.1\r\nTransfer-Encoding: foo\r\n" + kEnd,
       {501, 400}},
      {"handler throws", "GET /throws HTTP/1.1\r\n" + kEnd, {500}},
      {"handler makes a broken header", "GET /bad-header HTTP/1.1\r\n" + kEnd, {500}},
      {"long path", "GET /" + std::string(15000, 'a') + " HTTP/1.1\r\n" + kEnd, {404}},
      {"too long path", "GET /" + std::string(17000, 'a') + " HTTP/1.1\r\n" + kEnd, {414}},
      {"endless path", "GET /" + std::string(300'000, 'a'), {414}},
      {"endless first word", std::string(300'000, 'a'), {414, 400, 431}},
      {"long header", "GET / HTTP/1.1\r\nX: " + std::string(15000, 'a') + "\r\n" + kEnd, {200}},
      {"too long header", "GET / HTTP/1.1\r\nX: " + std::string(17000, 'a') + "\r\n" + kEnd, {431}},
      {"much too long header",
       "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n" + kEnd,
       {431}},
      {"endless header", "GET / HTTP/1.1\r\nX: " + std::string(300'000, 'a'), {431}},
  };
  for (const Case& test : cases) {
    const int status = Ask(port(), test.request).status;
    EXPECT_NE(std::find(test.statuses.begin(), test.statuses.end(), status), test.statuses.end())
        << test.name << ": " << status;
  }
}

// libmicrohttpd has one memory for what came in and what goes out; where the second does not fit it
// closes in silence.
TEST_F(ServerTest, RefusesHeadersThatFillTheMemoryWithAStatus) {
  const auto repeat = [](const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
  };
  for (std::size_t n = 0; n < 700; n += 3) {
    const int headers = Ask(port(), "GET / HTTP/1.1\r\n" + repeat("a:b\r\n", n) + kEnd).status;
    EXPECT_TRUE(headers == 200 || (headers == 431 && n > 400)) << n << ": " << headers;
    const int arguments = Ask(port(), "GET /?" + repeat("a&", n) + " HTTP/1.1\r\n" + kEnd).status;
    EXPECT_EQ(arguments, n < 249 ? 200 : 414) << n;
  }
  for (std::size_t n = 16'000; n < 34'000; n += 37) {
    const int header =
        Ask(port(), "GET / HTTP/1.1\r\nX: " + std::string(n, 'a') + "\r\n" + kEnd).status;
    EXPECT_TRUE((header == 200 && n < 16'400) || (header == 431 && n > 16'300))
        << n << ": " << header;
    const int path = Ask(port(), "GET /" + std::string(n, 'a') + " HTTP/1.1\r\n" + kEnd).status;
    EXPECT_TRUE((path == 404 && n < 16'400) || ((path == 414 || path == 431) && n > 16'300))
        << n << ": " << path;
  }
}

TEST_F(ServerTest, GivesEveryAnswerItsHeaders) {
  for (const char* path : {"/", "/nowhere", "/throws", "/post", "/%00", "/empty"}) {
    const RawAnswer answer = Get(port(), path);
    EXPECT_EQ(answer.Header("content-type"), "text/plain; charset=utf-8") << path;
    EXPECT_EQ(answer.Header("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(answer.Header("cache-control"), "no-store") << path;
    EXPECT_EQ(answer.Header("x-request-id").size(), 32u) << path;
  }
  EXPECT_EQ(Get(port(), "/cached").Header("cache-control"), "max-age=60");
  EXPECT_EQ(Ask(port(), "PUT / HTTP/1.1\r\n" + kEnd).Header("allow"), "GET, HEAD");
  EXPECT_EQ(Ask(port(), "PUT /post HTTP/1.1\r\n" + kEnd).Header("allow"), "POST");
  // Answers that go past libmicrohttpd too.
  const RawAnswer refused = Get(port(), "/" + std::string(17'000, 'a'), "X-Request-ID: mine\r\n");
  EXPECT_EQ(refused.status, 414);
  EXPECT_EQ(refused.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(refused.Header("x-request-id").size(), 32u);
  EXPECT_EQ(refused.body, "the request's target is too long\n");
}

TEST_F(ServerTest, KeepsTheCallersRequestIdWhereItIsSane) {
  const auto id = [&](const std::string& sent) {
    return Get(port(), "/", "X-Request-ID: " + sent + "\r\n").Header("x-request-id");
  };
  EXPECT_EQ(id("scrape-7.Z_1"), "scrape-7.Z_1");
  EXPECT_EQ(id(std::string(64, 'x')), std::string(64, 'x'));
  for (const std::string& insane :
       {std::string(65, 'x'), std::string(), std::string("a b"), std::string("a\"b"),
        std::string("\xC3\xA9"), std::string("a,b")}) {
    const std::string made = id(insane);
    EXPECT_EQ(made.size(), 32u) << insane;
    EXPECT_EQ(made.find_first_not_of("0123456789abcdef"), std::string::npos) << insane;
    EXPECT_NE(made, id(insane));
  }
  // Two of them are no id.
  EXPECT_EQ(
      Get(port(), "/", "X-Request-ID: a\r\nX-Request-ID: b\r\n").Header("x-request-id").size(),
      32u);
}

TEST_F(ServerTest, GivesTheHandlerWhatItNeeds) {
  EXPECT_EQ(Get(port(), "/%61%20b/c?x=%20&y").body, "x=%20&y");
  EXPECT_EQ(Get(port(), "/accept", "Accept: a\r\naccept: b\r\nAccept-Encoding: gzip\r\n").body,
            "a, b|gzip");
  EXPECT_EQ(Get(port(), "/remote").body.rfind("127.0.0.1:", 0), 0u);
}

TEST_F(ServerTest, AnswersHeadLikeGetWithoutABody) {
  RawClient client(port());
  client.Send("HEAD /big HTTP/1.1\r\nHost: test\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n");
  const RawAnswer head = client.Receive(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("content-length"), std::to_string(kBigBytes));
  EXPECT_EQ(client.Receive().body, "home\n");  // nothing of the body came before it
}

TEST_F(ServerTest, SendsABodyWholeHoweverManyPiecesItHas) {
  EXPECT_EQ(Get(port(), "/big").body, *big_);
  for (const char* pieces : {"1", "2", "257", "512", "1024", "1025", "5000"}) {
    EXPECT_EQ(Get(port(), std::string("/pieces?") + pieces).body, *big_) << pieces;
  }
  const RawAnswer empty = Get(port(), "/empty");
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.Header("content-length"), "0");
}

TEST_F(ServerTest, LetsGoOfABodyOnceItIsSent) {
  const std::weak_ptr<const std::string> body = [&] {
    auto owner = std::make_shared<const std::string>("hello");
    HttpServer server(AnyPort(),
                      {{"GET", "/once",
                        [owner = std::make_shared<std::shared_ptr<const std::string>>(owner)](
                            const HttpRequest&) {
                          HttpResponse response;
                          response.body = {**owner};
                          response.owner = std::exchange(*owner, nullptr);
                          return response;
                        }}},
                      heartbeats_);
    const std::weak_ptr<const std::string> weak = owner;
    owner.reset();
    RawClient client(server.port());
    client.Send("GET /once HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.Receive().body, "hello");
    EXPECT_TRUE(Eventually([&] { return weak.expired(); }));  // on a connection that stays open
    return weak;
  }();
  EXPECT_TRUE(body.expired());
}

TEST_F(ServerTest, KeepsAConnectionForFurtherRequests) {
  RawClient client(port());
  for (int i = 0; i < 50; ++i) {
    client.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_EQ(client.Receive().body, "home\n");
  }
  client.Send("GET / HTTP/1.1\r\n" + kEnd);
  EXPECT_EQ(client.Receive().Header("connection"), "close");
  EXPECT_TRUE(client.WaitClosed());
}

TEST_F(ServerTest, AnswersThousandsOfPipelinedRequestsInOrder) {
  RawClient client(port());
  std::string requests;
  for (int i = 0; i < 3000; ++i) {
    requests += "GET / HTTP/1.1\r\nHost: test\r\nX-Request-ID: n" + std::to_string(i) + "\r\n\r\n";
  }
  ASSERT_TRUE(client.Send(requests));
  for (int i = 0; i < 3000; ++i) {
    const RawAnswer answer = client.Receive();
    ASSERT_EQ(answer.status, 200) << i;
    ASSERT_EQ(answer.Header("x-request-id"), "n" + std::to_string(i));
  }
}

TEST_F(ServerTest, AnswersARequestThatComesByteByByte) {
  RawClient client(port());
  const std::string request =
      "POST /post HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (const char byte : request) {
    ASSERT_TRUE(client.Send(std::string_view(&byte, 1)));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(client.Receive().body, "posted\n");
}

TEST(ServerCutTest, OutlivesRequestsThatAreCutAtAnyByte) {
  HttpOptions options = AnyPort();
  options.request_deadline = std::chrono::milliseconds(500);
  HeartbeatMonitor heartbeats;
  const HttpServer server(options, TestRoutes(), heartbeats);
  const std::string request =
      "POST /post?a=b HTTP/1.1\r\nHost: test\r\nCookie: a=b; c\r\nContent-Length: 4\r\n\r\nabcd";
  std::vector<RawClient> ended;
  for (std::size_t length = 0; length < request.size(); ++length) {
    ended.emplace_back(server.port());
    ended.back().Send(request.substr(0, length));
    ended.back().CloseSending();
    RawClient reset(server.port());
    reset.Send(request.substr(0, length));
    reset.Reset();
  }
  for (RawClient& client : ended) {
    EXPECT_EQ(client.ReceiveAll().find("200 OK"), std::string::npos);
  }
  EXPECT_EQ(Get(server.port(), "/").status, 200);
}

TEST_F(ServerTest, OutlivesClientsThatResetInTheMiddleOfAnAnswer) {
  for (int i = 0; i < 50; ++i) {
    RawClient client(port());
    client.Send("GET /big HTTP/1.1\r\nHost: test\r\n\r\nGET /big HTTP/1.1\r\nHost: test\r\n\r\n");
    if (i % 2 == 0) client.Closed();  // takes what there is
    client.Reset();
  }
  EXPECT_EQ(Get(port(), "/").status, 200);
}

TEST_F(ServerTest, BeatsWhileNobodyAsks) {
  for (int i = 0; i < 3; ++i) {
    // Stuck in 9 s means: the last beat is more than a second ago.
    const auto soon = std::chrono::seconds(9);
    EXPECT_TRUE(Eventually(
        [&] { return heartbeats_.Stuck(std::chrono::steady_clock::now() + soon).empty(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  }
}

TEST(ServerLogTest, WritesOneLineAnAnswer) {
  struct Levels {
    LogLevel level;
    std::size_t lines;
  };
  for (const auto& [level, lines] : {Levels{LogLevel::kDebug, 4}, Levels{LogLevel::kInfo, 3}}) {
    InitLog({level, LogFormat::kJson, {}});
    testing::internal::CaptureStderr();
    HeartbeatMonitor heartbeats;
    {
      HttpServer server(AnyPort(), TestRoutes(), heartbeats);
      Get(server.port(), "/nowhere?secret=1", "X-Request-ID: one\r\n");
      Get(server.port(), "/quiet", "X-Request-ID: two\r\n");
      Get(server.port(), "/unavailable", "X-Request-ID: three\r\n");
      Get(server.port(), "/" + std::string(17'000, 'a'));
    }
    const std::string log = testing::internal::GetCapturedStderr();
    InitLog({});
    std::size_t count = 0;
    for (std::size_t at = 0;
         (at = log.find("\"message\":\"http request\"", at)) != std::string::npos; ++at) {
      ++count;
    }
    EXPECT_EQ(count, lines) << log;
    const auto line = [&](const std::string& part) {
      const std::size_t at = log.find(part);
      if (at == std::string::npos) return std::string("no line with ") + part;
      const std::size_t begin = log.rfind('\n', at) + 1;
      return log.substr(begin, log.find('\n', at) - begin);
    };
    const std::string one = line("\"request_id\":\"one\"");
    EXPECT_NE(one.find("\"level\":\"info\""), std::string::npos) << one;
    EXPECT_NE(
        one.find("\"method\":\"GET\",\"path\":\"/nowhere\",\"status\":404,\"duration_seconds\":"),
        std::string::npos)
        << one;
    EXPECT_NE(one.find("\"remote\":\"127.0.0.1:"), std::string::npos) << one;
    EXPECT_NE(line("\"request_id\":\"three\"").find("\"level\":\"warn\""), std::string::npos);
    EXPECT_NE(line("aaa").find("...\",\"status\":414"), std::string::npos);
    EXPECT_LT(line("aaa").size(), 600u);
    const bool quiet_told = log.find("\"request_id\":\"two\"") != std::string::npos;
    EXPECT_EQ(quiet_told, level == LogLevel::kDebug);
  }
}

TEST(ServerLogTest, TellsWhatAHandlerThrew) {
  testing::internal::CaptureStderr();
  HeartbeatMonitor heartbeats;
  {
    HttpServer server(AnyPort(), TestRoutes(), heartbeats);
    const RawAnswer answer = Get(server.port(), "/throws", "X-Request-ID: it\r\n");
    EXPECT_EQ(answer.body, "internal error; the log has it under this request id: it\n");
  }
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("\"message\":\"http handler failed\",\"method\":\"GET\",\"path\":\"/throws\","
                     "\"error\":\"out of cheese\",\"request_id\":\"it\""),
            std::string::npos)
      << log;
}

}  // namespace
}  // namespace tidegauge
