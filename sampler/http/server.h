// One HTTP/1.1 server on libmicrohttpd. Knows nothing of SQL, boards or pages: routes are
// functions.
//
// One thread turns an epoll loop and calls the handlers: a handler must not block. Deadlines and
// limits are our own (libmicrohttpd's timeout is for inactivity only). A connection waits or is
// answered; at a limit the one that has waited longest is closed for the newcomer, and the newcomer
// itself where all are being answered.
//
// Every answer has Content-Type, X-Request-ID, X-Content-Type-Options: nosniff, Cache-Control
// (no-store unless the handler set it) and one log line: info, debug where the handler says
// `quiet`, else warn from status 500 on. What libmicrohttpd answers itself (400 to what is no HTTP,
// 414, 431) has neither. Bodies of requests are read and thrown away.
#pragma once

#include <chrono>
#include <cstddef>
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
  std::string path;        // percent-decoded, without the query string
  std::string query;       // after the '?', as sent
  std::string request_id;  // the caller's X-Request-ID where it is sane, else ours
  std::string accept;
  std::string accept_encoding;
  std::string remote;  // 127.0.0.1:51234
};

// libmicrohttpd truncates answers of more pieces.
inline constexpr std::size_t kMaxBodyPieces = 1024;

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers = {};
  // The body: views kept alive by `owner` until the answer is sent or given up. Sent without a copy
  // up to kMaxBodyPieces; more are joined first, which is one.
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
  std::size_t max_header_bytes = 16 * 1024;  // request line and headers; more is 414 or 431
  std::size_t max_body_bytes = 64 * 1024;    // of a request; more is 413
};

class HttpServer {
 public:
  // Listens and serves from here on. Throws std::runtime_error naming the address and what to do.
  // Raises the process' soft limit of open files where it is too low for max_connections. The
  // heartbeats must outlive the server.
  HttpServer(const HttpOptions& options, std::vector<HttpRoute> routes,
             HeartbeatMonitor& heartbeats);
  // Closes every connection at once, whatever its client does, and joins the thread.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegauge
