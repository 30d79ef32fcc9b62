// A proxy between a client and a Postgres that tests can break: stall, black-hole, drop. It also
// counts what goes through, in round trips.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tidegauge {

// Listens on a free port of 127.0.0.1 from construction to destruction. Thread-safe.
class BreakableProxy {
 public:
  enum class Mode {
    kPass,       // forwards both ways
    kStall,      // reads nothing: what is sent waits, and goes on with kPass
    kBlackHole,  // swallows what both sides send
    kDrop,       // closes every connection, and new ones as soon as they come
  };

  // `host` is an address, or a socket directory where it begins with '/', as in PGHOST.
  BreakableProxy(const std::string& host, std::uint16_t port);
  // To the Postgres of scripts/with-postgres.
  BreakableProxy();
  ~BreakableProxy();
  BreakableProxy(const BreakableProxy&) = delete;
  BreakableProxy& operator=(const BreakableProxy&) = delete;

  std::uint16_t port() const { return port_; }
  // Holds for what has not been read yet, and for connections to come.
  void SetMode(Mode mode);
  // Becomes a black hole as soon as a client sends this text, which is swallowed too.
  void SwallowAfter(const std::string& text);
  std::size_t connections() const;

  // How often the client began to send after the server had, since the last Clear.
  std::size_t round_trips() const;
  // What the client sent, since the last Clear.
  std::string sent() const;
  void Clear();

 private:
  struct Link {
    int client = -1;
    int server = -1;
    bool client_spoke = false;
  };

  void Run(std::stop_token stop);
  void Accept();
  // False where the connection has ended.
  bool Forward(Link& link, bool from_client);
  int ConnectToServer() const;
  void Wake();

  // Constant after construction.
  std::string host_;
  std::uint16_t server_port_ = 0;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;
  Mode mode_ = Mode::kPass;      // guarded by mutex_
  std::string trigger_;          // guarded by mutex_; of SwallowAfter
  std::list<Link> links_;        // guarded by mutex_
  std::size_t round_trips_ = 0;  // guarded by mutex_
  std::string sent_;             // guarded by mutex_
  std::jthread thread_;          // last: stopped and joined first
};

}  // namespace tidegauge
