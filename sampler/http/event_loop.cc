#include "http/event_loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "http/listener.h"
#include "http/request_headers.h"
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

}  // namespace

EventLoop::EventLoop(const HttpOptions& options, std::vector<HttpRoute> routes,
                     HeartbeatMonitor& heartbeats)
    : options_(options),
      listener_(OpenListener(options.listen)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      port_(PortOf(listener_)),
      heartbeat_(heartbeats, "http"),
      connections_({options.max_connections, options.max_connections_per_address,
                    options.request_deadline, options.response_deadline}),
      handler_(options_, std::move(routes), connections_) {
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
      limit, MHD_OPTION_CONNECTION_MEMORY_LIMIT, ConnectionMemory(options_.max_header_bytes),
      MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this, MHD_OPTION_NOTIFY_COMPLETED, &OnCompleted,
      this, MHD_OPTION_URI_LOG_CALLBACK, &OnTarget, this, MHD_OPTION_STRICT_FOR_CLIENT, 0,
      MHD_OPTION_END);
  if (daemon_ == nullptr) {
    throw std::runtime_error("cannot start the HTTP library: " + std::string(std::strerror(errno)));
  }
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
        // After a success it may only mean that the last descriptor is taken, and nobody waits.
        if (i == 0) PauseAccepting(errno);
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

void* EventLoop::OnTarget(void* self, const char* target, MHD_Connection* http) {
  if (Connection* connection = ConnectionOf(http); connection != nullptr) {
    auto& loop = *static_cast<EventLoop*>(self);
    if (!loop.handler_.OnTarget(*connection, target)) loop.Cut(*connection);
  }
  return nullptr;
}

MHD_Result EventLoop::OnAccess(void* self, MHD_Connection* http, const char*, const char* method,
                               const char* version, const char*, std::size_t* upload_size,
                               void** state) {
  Connection* connection = ConnectionOf(http);
  if (connection == nullptr) return MHD_NO;
  try {
    return static_cast<EventLoop*>(self)->handler_.OnRequest(http, *connection, method, version,
                                                             upload_size, state);
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
  static_cast<EventLoop*>(self)->handler_.Finish(*connection, code);
}

}  // namespace tidegauge
