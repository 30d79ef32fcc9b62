// When one query is sampled on one database. Pure: time comes in as an argument.
//
// The first sample is due at `start`. Ticks are start + phase + k × every, where phase is a hash of
// query and database modulo `every`: queries spread out, and without drift. Between ticks there are
// early retries after a failure; a retry never replaces a tick.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gauge/failure.h"

namespace tidegauge {

class Schedule {
 public:
  using Clock = std::chrono::steady_clock;

  Schedule(std::chrono::milliseconds every, std::chrono::milliseconds timeout,
           std::uint64_t phase_hash, Clock::time_point start);

  // When the next sample is due. Meaningless between Begin and End.
  Clock::time_point due() const;

  // The due sample begins. Returns the ticks that passed while it waited for a session, but for the
  // one it serves: they are skipped.
  std::size_t Begin(Clock::time_point now);

  // The sample ended, with or without a failure. Returns the ticks that found it still running. A
  // tick that found a retry running is not lost: it is due at once.
  std::size_t End(Clock::time_point now, std::optional<Reason> failure);

  // The very first sample was cut short: it is due again at once, and counts as not begun.
  void Restart(Clock::time_point now);

  // A sample that failed with `connect` need not wait for its tick any longer. Where that comes to
  // `connect` again, the query itself may be what brings the server down: the next times it waits
  // as after any other failure.
  void DatabaseReached(Clock::time_point now);

 private:
  enum class Kind { kFirst, kTick, kRetry };

  // constant after construction
  std::chrono::milliseconds every_;
  std::chrono::milliseconds timeout_;
  std::chrono::milliseconds phase_;
  Clock::time_point origin_;

  Clock::time_point first_due_;
  bool first_pending_ = true;
  Clock::time_point next_tick_;
  std::optional<Clock::time_point> retry_at_;
  bool waiting_for_database_ = false;
  unsigned failures_ = 0;  // in a row, `connect` not counted
  unsigned wakes_ = 0;     // by DatabaseReached, and nothing but `connect` since
  Kind kind_ = Kind::kFirst;
};

// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): the same on every machine and run.
std::uint64_t PhaseHash(std::string_view query, std::string_view database);

}  // namespace tidegauge
