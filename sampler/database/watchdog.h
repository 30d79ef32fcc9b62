// Cuts off servers that hang. One thread; each guarded socket is a dup() of libpq's, made after
// connect: libpq closes its own inside the failing call, so that its number can already belong to
// an HTTP client when the deadline comes. shutdown() on the dup reaches the same connection.
//
// Thread-safe. A Guard must not outlive its Watchdog.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "runtime/heartbeat.h"

namespace tidegauge {

class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Watchdog(HeartbeatMonitor& heartbeats);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // One guarded connection.
  class Guard {
   public:
    // Duplicates `socket`; throws std::system_error where that fails.
    Guard(Watchdog& watchdog, int socket);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    void Arm(Clock::time_point deadline);
    void Disarm();
    // Cuts the connection now.
    void Cut();
    // Whether the watchdog (or Cut) shut the socket down.
    bool fired() const;

   private:
    Watchdog& watchdog_;
    std::uint64_t id_;
  };

 private:
  struct Entry {
    int socket = -1;
    std::optional<Clock::time_point> deadline = std::nullopt;
    bool fired = false;
  };
  void Run(std::stop_token stop);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::uint64_t, Entry> entries_;  // guarded by mutex_
  std::uint64_t next_id_ = 1;               // guarded by mutex_
  std::uint64_t armed_ = 0;                 // guarded by mutex_; how often Arm was called
  Heartbeat heartbeat_;
  std::jthread thread_;  // last: stopped and joined first
};

}  // namespace tidegauge
