// One HTTP/1.1 server on libmicrohttpd. Knows nothing of SQL, boards or pages: routes are
// functions.
//
// One thread turns an epoll loop and calls the handlers: a handler must not block. Deadlines and
// limits are our own (libmicrohttpd's timeout is for inactivity only).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/heartbeat.h"

namespace tidegauge {

struct HttpRequest {
  std::string method;
  std::string path;        // without the query string
  std::string request_id;  // the caller's X-Request-ID where it is sane, else ours
  std::string accept;
  std::string accept_encoding;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers = {};
  // The body: views kept alive by `owner`. At most 1,024 pieces, sent without a copy.
  std::vector<std::string_view> body = {};
  std::shared_ptr<const void> owner = nullptr;
  bool quiet = false;  // log at debug only: scrapes and health checks

  static HttpResponse Text(int status, std::string text);
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpRoute {
  std::string method;  // GET (answers HEAD too) or POST
  std::string path;    // exact
  HttpHandler handler;
};

struct HttpOptions {
  std::string listen =
      "127.0.0.1:9847";  // host:port, [v6]:port, :port for every address; port 0: free one
  std::size_t max_connections = 1024;
  std::size_t max_connections_per_address = 128;
  std::chrono::milliseconds request_deadline{
      10'000};  // from accept, or the last answer's end, to a complete request
  std::chrono::milliseconds response_deadline{30'000};  // from the request to a drained answer
  std::size_t max_header_bytes = 16 * 1024;
};

class HttpServer {
 public:
  // Listens and serves from here on. Throws std::runtime_error naming the address and what to do.
  HttpServer(const HttpOptions& options, std::vector<HttpRoute> routes,
             HeartbeatMonitor& heartbeats);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegauge
