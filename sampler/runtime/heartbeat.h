// Which of the daemon's loops still turn: what /healthz answers from.
//
// Each long-lived loop owns one Heartbeat and calls Beat() at least every kBeatEvery; a loop that
// is about to block for longer in foreign code (a worker inside libpq) says until when by
// BeatUntil(). Thread-safe. A Heartbeat must not outlive its HeartbeatMonitor.
#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <vector>

namespace tidegauge {

class HeartbeatMonitor {
 public:
  static constexpr std::chrono::seconds kBeatEvery{1};
  static constexpr std::chrono::seconds kStuckAfter{10};

  struct Loop {
    std::string name;
    std::chrono::steady_clock::time_point last_beat;
  };

  // Names of the loops that have not turned for kStuckAfter at `now`.
  std::vector<std::string> Stuck(
      std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) const;

 private:
  friend class Heartbeat;
  mutable std::mutex mutex_;
  std::list<Loop> loops_;  // guarded by mutex_
};

// Registers a loop for as long as it lives.
class Heartbeat {
 public:
  Heartbeat(HeartbeatMonitor& monitor, std::string name);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  void Beat();
  // The loop is expected to be silent until then.
  void BeatUntil(std::chrono::steady_clock::time_point until);

 private:
  HeartbeatMonitor& monitor_;
  std::list<HeartbeatMonitor::Loop>::iterator loop_;
};

}  // namespace tidegauge
