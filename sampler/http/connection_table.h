// Who is connected, who may come in, and whose time is up. Pure: time comes in as an argument.
//
// A connection waits (for a complete request), is answered, or has been cut: then it no longer
// counts and is only kept until its socket is closed. Belongs to the server's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>

#include "http/address.h"

namespace tidegauge {

struct ConnectionLimits {
  std::size_t connections = 1024;
  std::size_t connections_per_address = 128;
  std::chrono::milliseconds request_deadline{10'000};
  std::chrono::milliseconds response_deadline{30'000};
};

// The request that a connection is at.
struct RequestState {
  std::string method;
  std::string target;  // as the client sent it
  std::string request_id;
  std::chrono::steady_clock::time_point started{};
  std::size_t body_bytes = 0;
  int status = 0;  // 0: not answered yet
  bool quiet = false;
  bool corked = false;  // the socket holds back what does not fill a packet
};

struct Connection {
  enum class Phase { kWaiting, kAnswered, kCut };

  int fd = -1;
  PeerAddress address{};
  std::string remote;
  Phase phase = Phase::kWaiting;
  std::chrono::steady_clock::time_point since{};  // of the phase
  bool started = false;                           // the HTTP library has taken it
  RequestState request = {};
  std::list<Connection>::iterator self{};
};

class ConnectionTable {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit ConnectionTable(const ConnectionLimits& limits) : limits_(limits) {}

  // What a newcomer from `address` means: it may come in, perhaps after `evict` was cut (the one
  // that has waited longest, of its own address where that is at its limit), or not at all.
  struct Admission {
    bool admitted = true;
    Connection* evict = nullptr;
  };
  Admission Admit(const PeerAddress& address);

  Connection& Add(int fd, const PeerAddress& address, std::string remote, Time now);
  void Remove(Connection& connection);

  // Changes of phase. A connection that has been cut stays cut.
  void Wait(Connection& connection, Time now);
  void Answer(Connection& connection, Time now);
  void Cut(Connection& connection);

  Connection* Find(int fd);
  Connection* LongestWaiting();
  // One whose time is up at `now`, or null.
  Connection* Overdue(Time now);
  std::optional<Time> NextDeadline() const;

 private:
  using Connections = std::list<Connection>;
  Connections& ListOf(Connection::Phase phase);
  void Move(Connection& connection, Connection::Phase phase, Time now);
  void Forget(const PeerAddress& address);

  const ConnectionLimits limits_;
  // Each in order of `since`, hence of deadlines.
  Connections waiting_;
  Connections answered_;
  Connections cut_;
  std::map<PeerAddress, std::size_t> per_address_;  // waiting and answered
  std::map<int, Connection*> by_fd_;
};

}  // namespace tidegauge
