#include "sampling/schedule.h"

#include <algorithm>

namespace tidegauge {
namespace {

constexpr std::chrono::seconds kFirstRetry{15};
constexpr unsigned kLastDoubling = 12;  // 15 s × 2^12 is 17 hours: ticks are long before that
constexpr int kTimeoutRetryFactor = 10;

// 15 s, 30 s, 1 m, …
Schedule::Clock::duration RetryDelay(unsigned retries_before) {
  return kFirstRetry * (1U << std::min(retries_before, kLastDoubling));
}

}  // namespace

std::uint64_t PhaseHash(std::string_view query, std::string_view database) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211ULL; };
  for (char c : query) add(static_cast<unsigned char>(c));
  add(0);
  for (char c : database) add(static_cast<unsigned char>(c));
  return hash;
}

Schedule::Schedule(std::chrono::milliseconds every, std::chrono::milliseconds timeout,
                   std::uint64_t phase_hash, Clock::time_point start)
    : every_(every),
      timeout_(timeout),
      phase_(static_cast<std::int64_t>(phase_hash % static_cast<std::uint64_t>(every.count()))),
      origin_(start),
      first_due_(start),
      next_tick_(start + phase_) {}

Schedule::Clock::time_point Schedule::due() const {
  if (first_pending_) return first_due_;
  return retry_at_ ? std::min(*retry_at_, next_tick_) : next_tick_;
}

std::size_t Schedule::Begin(Clock::time_point now) {
  if (first_pending_) {
    first_pending_ = false;
    kind_ = Kind::kFirst;
    // The first tick at least half an interval from here.
    const auto earliest = now + every_ / 2;
    next_tick_ = origin_ + phase_;
    if (next_tick_ < earliest) {
      const auto behind = std::chrono::ceil<std::chrono::milliseconds>(earliest - next_tick_);
      next_tick_ += (behind + every_ - std::chrono::milliseconds(1)) / every_ * every_;
    }
    return 0;
  }
  if (now < next_tick_) {
    kind_ = Kind::kRetry;
    retry_at_.reset();
    return 0;
  }
  kind_ = Kind::kTick;
  retry_at_.reset();
  const auto skipped = (now - next_tick_) / every_;
  next_tick_ += (skipped + 1) * every_;
  return static_cast<std::size_t>(skipped);
}

std::size_t Schedule::End(Clock::time_point now, std::optional<Reason> failure) {
  std::size_t skipped = 0;
  if (next_tick_ <= now) {
    auto passed = (now - next_tick_) / every_ + 1;
    if (kind_ == Kind::kRetry) --passed;  // the last one stays due
    next_tick_ += passed * every_;
    skipped = static_cast<std::size_t>(passed);
  }

  retry_at_.reset();
  waiting_for_database_ = failure == Reason::kConnect;
  if (!failure) failures_ = 0;
  if (!waiting_for_database_) wakes_ = 0;
  if (failure && *failure != Reason::kConnect) {
    Clock::duration delay = RetryDelay(failures_);
    if (*failure == Reason::kTimeout) {
      delay = std::max<Clock::duration>(delay, kTimeoutRetryFactor * timeout_);
    }
    ++failures_;
    if (now + delay < next_tick_) retry_at_ = now + delay;
  }
  return skipped;
}

void Schedule::Restart(Clock::time_point now) {
  first_pending_ = true;
  first_due_ = now;
}

void Schedule::DatabaseReached(Clock::time_point now) {
  if (!waiting_for_database_) return;
  waiting_for_database_ = false;
  const auto retry = wakes_ == 0 ? now : now + RetryDelay(wakes_ - 1);
  ++wakes_;
  if (retry < next_tick_) retry_at_ = retry;
}

}  // namespace tidegauge
