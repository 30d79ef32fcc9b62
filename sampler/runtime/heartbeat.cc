#include "runtime/heartbeat.h"

#include <utility>

namespace tidegauge {

std::vector<std::string> HeartbeatMonitor::Stuck(std::chrono::steady_clock::time_point now) const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> stuck;
  for (const Loop& loop : loops_) {
    if (now - loop.last_beat > kStuckAfter) stuck.push_back(loop.name);
  }
  return stuck;
}

Heartbeat::Heartbeat(HeartbeatMonitor& monitor, std::string name) : monitor_(monitor) {
  std::lock_guard lock(monitor_.mutex_);
  loop_ = monitor_.loops_.insert(monitor_.loops_.end(),
                                 {std::move(name), std::chrono::steady_clock::now()});
}

Heartbeat::~Heartbeat() {
  std::lock_guard lock(monitor_.mutex_);
  monitor_.loops_.erase(loop_);
}

void Heartbeat::Beat() { BeatUntil(std::chrono::steady_clock::now()); }

void Heartbeat::BeatUntil(std::chrono::steady_clock::time_point until) {
  std::lock_guard lock(monitor_.mutex_);
  loop_->last_beat = until;
}

}  // namespace tidegauge
