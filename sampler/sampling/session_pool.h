// The sessions of one database: which are idle, how many are open, when to connect again.
//
// Not thread-safe: the sampler guards it with its mutex. Connecting and closing block, so they
// happen outside: a worker takes a place, connects, and says how it went.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"

namespace tidegauge {

class SessionPool {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::minutes kIdleLimit{5};
  static constexpr std::chrono::minutes kProbeEvery{1};

  enum class Access {
    kReady,  // an idle session, or room for a new one
    kBusy,   // all places taken
    kDown,   // not reached, nothing is open and it is too early to connect again
  };

  SessionPool(std::shared_ptr<Database> database, std::size_t max_sessions, Clock::time_point now);

  const std::shared_ptr<Database>& database() const { return database_; }
  std::size_t max_sessions() const { return max_sessions_; }
  void set_max_sessions(std::size_t max) { max_sessions_ = max; }

  Access access(Clock::time_point now) const;
  // Whether Take() would need a new session.
  bool needs_connect() const { return idle_.empty(); }
  std::size_t open() const { return open_; }
  bool up() const { return up_; }
  const std::string& error() const { return error_; }
  Clock::time_point blocked_until() const { return blocked_until_; }

  // Takes a place: the idle session used last, or null where the caller is to connect.
  std::unique_ptr<Session> Take();
  // `since` is when it was last used.
  void Return(std::unique_ptr<Session> session, Clock::time_point since);
  // The place is given up: the session was destroyed, or could not be made.
  void Drop();
  // The idle session unused for longest, whatever its age; null where there is none.
  std::unique_ptr<Session> TakeOldestIdle();
  std::optional<Clock::time_point> OldestIdleSince() const;
  std::optional<Clock::time_point> NewestIdleSince() const;

  // The server answered. Returns true where it had not before.
  bool Reached(Clock::time_point now);
  // A session was cut off or lost: the server may be gone.
  void Lost(const std::string& error);
  // Connecting failed: wait 1 s, 2 s, … 30 s, less a little jitter. With other sessions open the
  // database is not down, only full: the place is not offered until then.
  void ConnectFailed(const std::string& error, Clock::time_point now);

  // When the server should be asked whether it is there, though nothing is due.
  Clock::time_point ProbeDue() const;

 private:
  struct Idle {
    std::unique_ptr<Session> session;
    Clock::time_point since;
  };

  std::shared_ptr<Database> database_;
  std::size_t max_sessions_;
  std::vector<Idle> idle_;  // oldest first
  std::size_t open_ = 0;    // idle, in use or being made
  bool up_ = false;
  std::string error_;
  Clock::time_point last_contact_;
  Clock::time_point blocked_until_;
  unsigned connect_failures_ = 0;  // in a row
};

}  // namespace tidegauge
