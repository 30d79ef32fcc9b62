#include "database/watchdog.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace tidegauge {

Watchdog::Watchdog(HeartbeatMonitor& heartbeats)
    : heartbeat_(heartbeats, "watchdog"), thread_([this](std::stop_token stop) { Run(stop); }) {}

Watchdog::~Watchdog() = default;

void Watchdog::Run(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    heartbeat_.Beat();
    const auto now = Clock::now();
    auto next = now + HeartbeatMonitor::kBeatEvery;
    for (auto& [id, entry] : entries_) {
      if (!entry.deadline) continue;
      if (*entry.deadline <= now) {
        entry.deadline.reset();
        entry.fired = true;
        shutdown(entry.socket, SHUT_RDWR);
      } else {
        next = std::min(next, *entry.deadline);
      }
    }
    const std::uint64_t seen = armed_;
    changed_.wait_until(lock, stop, next, [&] { return armed_ != seen; });
  }
}

Watchdog::Guard::Guard(Watchdog& watchdog, int socket) : watchdog_(watchdog) {
  const int copy = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot watch the connection");
  }
  std::lock_guard lock(watchdog_.mutex_);
  id_ = watchdog_.next_id_++;
  watchdog_.entries_[id_] = Entry{.socket = copy};
}

Watchdog::Guard::~Guard() {
  std::lock_guard lock(watchdog_.mutex_);
  const auto entry = watchdog_.entries_.find(id_);
  close(entry->second.socket);
  watchdog_.entries_.erase(entry);
}

void Watchdog::Guard::Arm(Clock::time_point deadline) {
  {
    std::lock_guard lock(watchdog_.mutex_);
    watchdog_.entries_[id_].deadline = deadline;
    ++watchdog_.armed_;
  }
  watchdog_.changed_.notify_one();
}

void Watchdog::Guard::Disarm() {
  std::lock_guard lock(watchdog_.mutex_);
  watchdog_.entries_[id_].deadline.reset();
}

void Watchdog::Guard::Cut() {
  std::lock_guard lock(watchdog_.mutex_);
  Entry& entry = watchdog_.entries_[id_];
  entry.deadline.reset();
  entry.fired = true;
  shutdown(entry.socket, SHUT_RDWR);
}

bool Watchdog::Guard::fired() const {
  std::lock_guard lock(watchdog_.mutex_);
  return watchdog_.entries_.at(id_).fired;
}

}  // namespace tidegauge
