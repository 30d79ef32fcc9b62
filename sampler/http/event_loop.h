// The server's thread: one loop over the listening socket, libmicrohttpd's epoll set and the next
// deadline.
//
// We accept, libmicrohttpd parses and sends. It owns the sockets from then on: a connection is cut
// by shutdown() alone, which libmicrohttpd sees as the client's end, so that no descriptor is
// closed twice or used after its number went to somebody else. Everything but the constructor, the
// destructor and port() runs on the loop's thread.
#pragma once

#include <microhttpd.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "http/connection_table.h"
#include "http/file_descriptor.h"
#include "http/request_handler.h"
#include "http/server.h"
#include "runtime/heartbeat.h"

namespace tidegauge {

class EventLoop {
 public:
  EventLoop(const HttpOptions& options, std::vector<HttpRoute> routes,
            HeartbeatMonitor& heartbeats);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  using Clock = std::chrono::steady_clock;

  void StartDaemon();
  void Run(std::stop_token stop);
  int WaitMilliseconds() const;

  // Accepting.
  void AcceptSome();
  void Take(FileDescriptor socket, const sockaddr_storage& address, socklen_t size);
  void PauseAccepting(int error);
  void DropUnstarted();
  void Cut(Connection& connection);

  // libmicrohttpd's callbacks; `self` is the loop.
  static Connection* ConnectionOf(MHD_Connection* http);
  static void OnConnection(void* self, MHD_Connection* http, void** context,
                           MHD_ConnectionNotificationCode code);
  static void* OnTarget(void* self, const char* target, MHD_Connection* http);
  static MHD_Result OnAccess(void* self, MHD_Connection* http, const char* url, const char* method,
                             const char* version, const char* upload, std::size_t* upload_size,
                             void** state);
  static void OnCompleted(void* self, MHD_Connection* http, void** state,
                          MHD_RequestTerminationCode code);

  const HttpOptions options_;
  FileDescriptor listener_;
  FileDescriptor wake_;  // an eventfd: the destructor's word to the loop
  const std::uint16_t port_;
  Heartbeat heartbeat_;
  ConnectionTable connections_;
  RequestHandler handler_;
  std::vector<int> unstarted_;  // sockets given to libmicrohttpd that it has not yet taken
  std::optional<Clock::time_point> paused_until_;  // no accepting until then
  std::optional<Clock::time_point> told_of_pause_at_;
  MHD_Daemon* daemon_ = nullptr;
  int daemon_epoll_ = -1;
  std::jthread thread_;
};

}  // namespace tidegauge
