#include "sampling/session_pool.h"

#include <algorithm>
#include <random>
#include <utility>

namespace tidegauge {
namespace {

constexpr std::chrono::duration<double> kShortestWait{1};
constexpr std::chrono::duration<double> kLongestWait{30};

double Jitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.7, 1.0)(generator);
}

}  // namespace

SessionPool::SessionPool(std::shared_ptr<Database> database, std::size_t max_sessions,
                         Clock::time_point now)
    : database_(std::move(database)),
      max_sessions_(max_sessions),
      last_contact_(now),
      blocked_until_(now) {}

SessionPool::Access SessionPool::access(Clock::time_point now) const {
  if (!idle_.empty()) return Access::kReady;
  if (now < blocked_until_) return open_ == 0 && !up_ ? Access::kDown : Access::kBusy;
  return open_ < max_sessions_ ? Access::kReady : Access::kBusy;
}

std::unique_ptr<Session> SessionPool::Take() {
  if (idle_.empty()) {
    ++open_;
    return nullptr;
  }
  auto session = std::move(idle_.back().session);
  idle_.pop_back();
  return session;
}

void SessionPool::Return(std::unique_ptr<Session> session, Clock::time_point since) {
  const auto place = std::find_if(idle_.begin(), idle_.end(),
                                  [since](const Idle& idle) { return idle.since > since; });
  idle_.insert(place, {std::move(session), since});
}

void SessionPool::Drop() { --open_; }

std::unique_ptr<Session> SessionPool::TakeOldestIdle() {
  if (idle_.empty()) return nullptr;
  auto session = std::move(idle_.front().session);
  idle_.erase(idle_.begin());
  --open_;
  return session;
}

std::optional<SessionPool::Clock::time_point> SessionPool::OldestIdleSince() const {
  if (idle_.empty()) return std::nullopt;
  return idle_.front().since;
}

std::optional<SessionPool::Clock::time_point> SessionPool::NewestIdleSince() const {
  if (idle_.empty()) return std::nullopt;
  return idle_.back().since;
}

bool SessionPool::Reached(Clock::time_point now) {
  last_contact_ = now;
  connect_failures_ = 0;
  error_.clear();
  return !std::exchange(up_, true);
}

void SessionPool::Lost(const std::string& error) {
  up_ = false;
  error_ = error;
}

void SessionPool::ConnectFailed(const std::string& error, Clock::time_point now) {
  const double doubled =
      kShortestWait.count() * static_cast<double>(1U << std::min(connect_failures_, 5U));
  const double wait =
      std::max(kShortestWait.count(), std::min(doubled, kLongestWait.count()) * Jitter());
  ++connect_failures_;
  blocked_until_ =
      now + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(wait));
  if (open_ == 0) Lost(error);
}

SessionPool::Clock::time_point SessionPool::ProbeDue() const {
  if (up_) return idle_.size() < open_ ? Clock::time_point::max() : last_contact_ + kProbeEvery;
  // While a session is in use or being made its outcome will tell.
  return open_ > idle_.size() ? Clock::time_point::max() : blocked_until_;
}

}  // namespace tidegauge
