#include "http/event_loop.h"

#include <poll.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "http/listener.h"
#include "http/mhd_response.h"
#include "http/request_parts.h"
#include "runtime/log.h"

namespace tidegauge {
namespace {

using namespace std::chrono_literals;

// The loop turns at least this often, for its heartbeat.
constexpr std::chrono::milliseconds kTurnEvery = 500ms;
// At most this many newcomers a turn, so that those before them are read in between.
constexpr std::size_t kAcceptsPerTurn = 32;
constexpr std::chrono::milliseconds kAcceptPause = 100ms;
constexpr std::chrono::seconds kTellOfPauseEvery = 60s;
// Descriptors besides the clients': databases, files, pipes.
constexpr rlim_t kOtherDescriptors = 256;
// Room beside the request's headers in a connection's memory: its parsed form, the answer's
// headers.
constexpr std::size_t kHeaderRoom = 4096;
constexpr std::size_t kLoggedPathBytes = 256;

void RaiseFileLimit(std::size_t connections) {
  rlimit limit{};
  const rlim_t wanted = connections + kOtherDescriptors;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);  // in vain: accept() will tell
}

void LogFromLibrary(void*, const char* format, va_list arguments) {
  if (!LogEnabled(LogLevel::kDebug)) return;
  char text[512];
  std::vsnprintf(text, sizeof text, format, arguments);
  std::string message(text);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  Log(LogLevel::kDebug, "libmicrohttpd", {{"detail", message}});
}

// All values of a header, as one list.
struct HeaderValues {
  const char* name;
  std::string joined;
};

MHD_Result CollectHeader(void* state, MHD_ValueKind, const char* name, const char* value) {
  auto& values = *static_cast<HeaderValues*>(state);
  if (value != nullptr && strcasecmp(name, values.name) == 0) {
    if (!values.joined.empty()) values.joined += ", ";
    values.joined += value;
  }
  return MHD_YES;
}

std::string HeaderOf(MHD_Connection* http, const char* name) {
  HeaderValues values{name, {}};
  MHD_get_connection_values(http, MHD_HEADER_KIND, &CollectHeader, &values);
  return std::move(values.joined);
}

std::string PathForLog(const RequestState& request) {
  std::string path = request.target.substr(0, request.target.find('?'));
  if (path.size() > kLoggedPathBytes) {
    path.resize(kLoggedPathBytes);
    path += "...";
  }
  return path;
}

// What `Content-Length` says; 0 where there is none. libmicrohttpd has refused what is no number.
std::size_t ContentLength(MHD_Connection* http) {
  const std::string text = HeaderOf(http, MHD_HTTP_HEADER_CONTENT_LENGTH);
  return text.empty() ? 0 : std::strtoull(text.c_str(), nullptr, 10);
}

}  // namespace

EventLoop::EventLoop(const HttpOptions& options, std::vector<HttpRoute> routes,
                     HeartbeatMonitor& heartbeats)
    : options_(options),
      router_(std::move(routes)),
      listener_(OpenListener(options.listen)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      port_(PortOf(listener_)),
      heartbeat_(heartbeats, "http"),
      connections_({options.max_connections, options.max_connections_per_address,
                    options.request_deadline, options.response_deadline}) {
  if (wake_.get() < 0) throw std::runtime_error("cannot make an eventfd: too many open files?");
  RaiseFileLimit(options.max_connections);
  StartDaemon();
  thread_ = std::jthread([this](std::stop_token stop) { Run(std::move(stop)); });
}

EventLoop::~EventLoop() {
  thread_.request_stop();
  eventfd_write(wake_.get(), 1);
  thread_.join();
  MHD_stop_daemon(daemon_);
}

void EventLoop::StartDaemon() {
  // Cut connections still count with libmicrohttpd until it has closed them: its limit is ours and
  // a margin that a turn cannot use up.
  const auto limit = static_cast<unsigned int>(options_.max_connections + 2 * kAcceptsPerTurn);
  daemon_ = MHD_start_daemon(
      MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG, 0, nullptr, nullptr, &OnAccess,
      this, MHD_OPTION_EXTERNAL_LOGGER, &LogFromLibrary, nullptr, MHD_OPTION_CONNECTION_LIMIT,
      limit, MHD_OPTION_CONNECTION_MEMORY_LIMIT, options_.max_header_bytes + kHeaderRoom,
      MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this, MHD_OPTION_NOTIFY_COMPLETED, &OnCompleted,
      this, MHD_OPTION_URI_LOG_CALLBACK, &OnTarget, this, MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_END);
  if (daemon_ == nullptr)
    throw std::runtime_error("cannot start the HTTP library: " + std::string(std::strerror(errno)));
  daemon_epoll_ = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

void EventLoop::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    heartbeat_.Beat();
    const Clock::time_point now = Clock::now();
    while (Connection* overdue = connections_.Overdue(now)) Cut(*overdue);
    if (paused_until_ && *paused_until_ <= now) paused_until_.reset();

    pollfd ready[] = {{wake_.get(), POLLIN, 0},
                      {daemon_epoll_, POLLIN, 0},
                      {paused_until_ ? -1 : listener_.get(), POLLIN, 0}};
    poll(ready, 3, WaitMilliseconds());
    if (ready[2].revents != 0) AcceptSome();
    MHD_run(daemon_);
    DropUnstarted();
  }
}

int EventLoop::WaitMilliseconds() const {
  MHD_UNSIGNED_LONG_LONG daemon_wait = 0;
  std::chrono::milliseconds wait = kTurnEvery;
  if (MHD_get_timeout(daemon_, &daemon_wait) == MHD_YES) {
    if (daemon_wait == 0) return 0;
    wait = std::min(wait, std::chrono::milliseconds(daemon_wait));
  }
  const auto until = [&](Clock::time_point time) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now());
    wait = std::clamp(left, std::chrono::milliseconds(0), wait);
  };
  if (paused_until_) until(*paused_until_);
  if (const auto deadline = connections_.NextDeadline()) until(*deadline);
  return static_cast<int>(wait.count());
}

void EventLoop::AcceptSome() {
  // No more than half of a limit in one turn: a newcomer must not be closed for those behind it
  // before its request was read.
  const std::size_t most =
      std::max<std::size_t>(1, std::min({kAcceptsPerTurn, options_.max_connections / 2,
                                         options_.max_connections_per_address / 2}));
  for (std::size_t i = 0; i < most; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    FileDescriptor socket(accept4(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() >= 0) {
      Take(std::move(socket), address, size);
      continue;
    }
    switch (errno) {
      case EAGAIN:
        return;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
      case EBADF:
      case EINVAL:
        PauseAccepting(errno);
        return;
      default:
        break;  // the newcomer's own trouble (ECONNABORTED, EPROTO, …), or EINTR
    }
  }
}

void EventLoop::Take(FileDescriptor socket, const sockaddr_storage& address, socklen_t size) {
  const PeerAddress peer = PeerAddressOf(address);
  const ConnectionTable::Admission admission = connections_.Admit(peer);
  if (!admission.admitted) return;
  if (admission.evict != nullptr) Cut(*admission.evict);
  const int fd = socket.Release();
  Connection& connection = connections_.Add(fd, peer, FormatPeer(address), Clock::now());
  if (MHD_add_connection(daemon_, fd, reinterpret_cast<const sockaddr*>(&address), size) !=
      MHD_YES) {
    connections_.Remove(connection);  // libmicrohttpd has closed the socket
  } else if (!connection.started) {
    unstarted_.push_back(fd);
  }
}

// Out of descriptors or memory: the listening socket stays readable, so polling it would spin.
void EventLoop::PauseAccepting(int error) {
  const Clock::time_point now = Clock::now();
  paused_until_ = now + kAcceptPause;
  if (Connection* longest = connections_.LongestWaiting()) Cut(*longest);
  if (told_of_pause_at_ && now < *told_of_pause_at_ + kTellOfPauseEvery) return;
  told_of_pause_at_ = now;
  Log(LogLevel::kWarn, "cannot accept connections for the moment",
      {{"error", std::string(std::strerror(error))},
       {"hint", std::string("raise the limit of open files (ulimit -n, LimitNOFILE)")}});
}

// libmicrohttpd may take a socket only in MHD_run(), and closes it without a word where it cannot.
void EventLoop::DropUnstarted() {
  for (const int fd : unstarted_) {
    Connection* connection = connections_.Find(fd);
    if (connection != nullptr && !connection->started) connections_.Remove(*connection);
  }
  unstarted_.clear();
}

void EventLoop::Cut(Connection& connection) {
  if (connection.phase == Connection::Phase::kAnswered) {
    // Give up what the client does not read; otherwise the kernel keeps it after close().
    const linger at_once{1, 0};
    setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  shutdown(connection.fd, SHUT_RDWR);
  connections_.Cut(connection);
}

MHD_Result EventLoop::OnRequest(MHD_Connection* http, Connection& connection, const char* method,
                                std::size_t* upload_size, void** state) {
  if (connection.phase == Connection::Phase::kCut) return MHD_NO;
  if (*state == nullptr) {  // the headers are there
    *state = &connection;
    return BeginRequest(http, connection, method);
  }
  if (*upload_size > 0) {  // a piece of the body
    connection.request.body_bytes += *upload_size;
    *upload_size = 0;
    return connection.request.body_bytes > options_.max_body_bytes ? MHD_NO : MHD_YES;
  }
  // The request is complete.
  const std::optional<RequestTarget> target = ParseTarget(connection.request.target);
  if (!target) {
    return Respond(http, connection,
                   HttpResponse::Text(400, "the path has a broken percent escape\n"));
  }
  HttpRequest request;
  request.method = connection.request.method;
  request.path = target->path;
  request.query = target->query;
  request.request_id = connection.request.request_id;
  request.accept = HeaderOf(http, MHD_HTTP_HEADER_ACCEPT);
  request.accept_encoding = HeaderOf(http, MHD_HTTP_HEADER_ACCEPT_ENCODING);
  request.remote = connection.remote;
  return Respond(http, connection, router_.Answer(request));
}

MHD_Result EventLoop::BeginRequest(MHD_Connection* http, Connection& connection,
                                   const char* method) {
  RequestState& request = connection.request;
  request.method = method;
  request.started = Clock::now();
  request.body_bytes = 0;
  request.status = 0;
  request.quiet = false;
  request.request_id = HeaderOf(http, "X-Request-ID");
  if (!SaneRequestId(request.request_id)) request.request_id = RandomRequestId();

  const MHD_ConnectionInfo* headers =
      MHD_get_connection_info(http, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  if (headers != nullptr && headers->header_size > options_.max_header_bytes) {
    return Respond(http, connection,
                   HttpResponse::Text(431, "the request's headers are too large\n"));
  }
  if (ContentLength(http) > options_.max_body_bytes) {
    return Respond(http, connection, HttpResponse::Text(413, "the request's body is too large\n"));
  }
  return MHD_YES;
}

MHD_Result EventLoop::Respond(MHD_Connection* http, Connection& connection, HttpResponse response) {
  connections_.Answer(connection, Clock::now());
  connection.request.status = response.status;
  connection.request.quiet = response.quiet;
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
  return MHD_queue_response(http, static_cast<unsigned int>(connection.request.status), made.get());
}

void EventLoop::Finish(Connection& connection, MHD_RequestTerminationCode code) {
  const Clock::time_point now = Clock::now();
  const RequestState& request = connection.request;
  LogLevel level = LogLevel::kInfo;
  if (request.quiet) {
    level = LogLevel::kDebug;
  } else if (request.status >= 500) {
    level = LogLevel::kWarn;
  }
  const bool sent = code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
  if (request.status != 0 && LogEnabled(level)) {
    Log(level, sent ? "http request" : "http request given up before its answer was sent",
        {{"method", request.method},
         {"path", PathForLog(request)},
         {"status", std::int64_t{request.status}},
         {"duration_seconds", std::chrono::duration<double>(now - request.started).count()},
         {"request_id", request.request_id},
         {"remote", connection.remote}});
  }
  connections_.Wait(connection, now);
}

Connection* EventLoop::ConnectionOf(MHD_Connection* http) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(http, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == nullptr ? nullptr : static_cast<Connection*>(info->socket_context);
}

void EventLoop::OnConnection(void* self, MHD_Connection* http, void** context,
                             MHD_ConnectionNotificationCode code) {
  auto& loop = *static_cast<EventLoop*>(self);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(http, MHD_CONNECTION_INFO_CONNECTION_FD);
    Connection* connection = loop.connections_.Find(info->connect_fd);
    if (connection != nullptr) connection->started = true;
    *context = connection;
  } else if (auto* connection = static_cast<Connection*>(*context); connection != nullptr) {
    // The socket is still open: its number is nobody else's until the table has forgotten it.
    *context = nullptr;
    loop.connections_.Remove(*connection);
  }
}

void* EventLoop::OnTarget(void*, const char* target, MHD_Connection* http) {
  if (Connection* connection = ConnectionOf(http); connection != nullptr) {
    connection->request.target = target;
  }
  return nullptr;
}

MHD_Result EventLoop::OnAccess(void* self, MHD_Connection* http, const char*, const char* method,
                               const char*, const char*, std::size_t* upload_size, void** state) {
  Connection* connection = ConnectionOf(http);
  if (connection == nullptr) return MHD_NO;
  try {
    return static_cast<EventLoop*>(self)->OnRequest(http, *connection, method, upload_size, state);
  } catch (const std::exception& error) {  // out of memory: C code is above us
    Log(LogLevel::kError, "http request could not be handled", {{"error", error.what()}});
    return MHD_NO;
  }
}

void EventLoop::OnCompleted(void* self, MHD_Connection* http, void** state,
                            MHD_RequestTerminationCode code) {
  Connection* connection = ConnectionOf(http);
  if (connection == nullptr || *state == nullptr) return;
  *state = nullptr;
  static_cast<EventLoop*>(self)->Finish(*connection, code);
}

}  // namespace tidegauge
