#include "http/request_handler.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <optional>
#include <utility>

#include "http/mhd_response.h"
#include "http/request_headers.h"
#include "http/request_parts.h"
#include "runtime/log.h"

namespace tidegauge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLoggedPathBytes = 256;

// libmicrohttpd sends the headers of a scattered body on their own; corked, both leave in one
// packet.
void SetCork(int fd, bool on) {
  const int value = on ? 1 : 0;
  setsockopt(fd, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

std::string PathForLog(const RequestState& request) {
  std::string path = request.target.substr(0, request.target.find('?'));
  if (path.size() > kLoggedPathBytes) {
    path.resize(kLoggedPathBytes);
    path += "...";
  }
  return path;
}

}  // namespace

bool RequestHandler::OnTarget(Connection& connection, const char* target) {
  connection.request = {};
  connection.request.target = target;
  connection.request.started = Clock::now();
  // The arguments come next. Where they do not fit, libmicrohttpd closes without an answer.
  if (!TargetFits(connection.request.target, options_.max_header_bytes)) {
    Refuse(connection, {414, "the request's target is too long\n"});
    return false;
  }
  return true;
}

MHD_Result RequestHandler::OnRequest(MHD_Connection* http, Connection& connection,
                                     const char* method, const char* version,
                                     std::size_t* upload_size, void** state) {
  if (connection.phase == Connection::Phase::kCut) return MHD_NO;
  if (*state == nullptr) {  // the headers are there
    *state = &connection;
    return OnHeaders(http, connection, method, version);
  }
  if (*upload_size > 0) {  // a piece of the body
    connection.request.body_bytes += *upload_size;
    *upload_size = 0;
    if (connection.request.body_bytes <= options_.max_body_bytes) return MHD_YES;
    return Refuse(connection, {413, "the request's body is too large\n"});
  }
  // The request is complete.
  std::optional<RequestTarget> target = ParseTarget(connection.request.target);
  if (!target) {
    return Respond(http, connection,
                   HttpResponse::Text(400, "the path has a broken percent escape or a space\n"));
  }
  HttpRequest request;
  request.method = connection.request.method;
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.request_id = connection.request.request_id;
  request.accept = HeaderOf(http, MHD_HTTP_HEADER_ACCEPT);
  request.accept_encoding = HeaderOf(http, MHD_HTTP_HEADER_ACCEPT_ENCODING);
  request.remote = connection.remote;
  return Respond(http, connection, router_.Answer(request));
}

MHD_Result RequestHandler::OnHeaders(MHD_Connection* http, Connection& connection,
                                     const char* method, const char* version) {
  RequestState& request = connection.request;
  request.method = method;
  request.request_id = HeaderOf(http, "X-Request-ID");
  if (!SaneRequestId(request.request_id)) request.request_id = RandomRequestId();
  if (!HeadersFit(http, options_.max_header_bytes)) {
    return Refuse(connection, {431, "the request's headers are too large\n"});
  }
  if (const auto refusal = CheckHeaders(http, version, options_.max_body_bytes)) {
    return Respond(http, connection, HttpResponse::Text(refusal->status, refusal->text));
  }
  return MHD_YES;
}

// Past libmicrohttpd, which closes the connection for the MHD_NO.
MHD_Result RequestHandler::Refuse(Connection& connection, const Refusal& refusal) {
  RequestState& request = connection.request;
  if (request.request_id.empty()) request.request_id = RandomRequestId();
  SendRefusal(connection.fd, refusal, request.request_id);
  request.status = refusal.status;
  LogAnswer(connection, "http request");
  request.status = 0;
  return MHD_NO;
}

MHD_Result RequestHandler::Respond(MHD_Connection* http, Connection& connection,
                                   HttpResponse response) {
  connections_.Answer(connection, Clock::now());
  connection.request.status = response.status;
  connection.request.quiet = response.quiet;
  connection.request.corked = response.body.size() > 1;
  MhdResponse made = MakeMhdResponse(std::move(response), connection.request.request_id);
  if (made == nullptr) {
    Log(LogLevel::kError, "http answer could not be made",
        {{"path", PathForLog(connection.request)}, {"request_id", connection.request.request_id}});
    connection.request.status = 500;
    connection.request.quiet = false;
    made =
        MakeMhdResponse(HttpResponse::Text(500, "internal error\n"), connection.request.request_id);
    if (made == nullptr) return MHD_NO;
  }
  if (connection.request.corked) SetCork(connection.fd, true);
  return MHD_queue_response(http, static_cast<unsigned int>(connection.request.status), made.get());
}

void RequestHandler::Finish(Connection& connection, MHD_RequestTerminationCode code) {
  if (connection.request.status != 0) {
    LogAnswer(connection, code == MHD_REQUEST_TERMINATED_COMPLETED_OK
                              ? "http request"
                              : "http request given up before its answer was sent");
  }
  if (connection.request.corked) SetCork(connection.fd, false);
  connections_.Wait(connection, Clock::now());
}

void RequestHandler::LogAnswer(const Connection& connection, std::string_view message) {
  const RequestState& request = connection.request;
  LogLevel level = LogLevel::kInfo;
  if (request.quiet) {
    level = LogLevel::kDebug;
  } else if (request.status >= 500) {
    level = LogLevel::kWarn;
  }
  if (!LogEnabled(level)) return;
  const std::chrono::duration<double> duration = Clock::now() - request.started;
  Log(level, message,
      {{"method", request.method},
       {"path", PathForLog(request)},
       {"status", std::int64_t{request.status}},
       {"duration_seconds", duration.count()},
       {"request_id", request.request_id},
       {"remote", connection.remote}});
}

}  // namespace tidegauge
