// The latest reading and state of every query and database: what threads share.
//
// Writers (the sampler) publish whole immutable states; readers take a snapshot of pointers, so
// that a reader never sees half an outcome and comparing pointers tells what changed. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "gauge/failure.h"
#include "gauge/query.h"
#include "gauge/reading.h"

namespace tidegauge {

// A query on one database.
struct Target {
  std::shared_ptr<const Query> query;
  std::string database;
  std::map<std::string, std::string> params = {};  // the query's, with this database's overrides
};

struct TargetState {
  std::shared_ptr<const Query> query;
  std::string database;
  std::map<std::string, std::string> params = {};
  std::shared_ptr<const Reading> reading;     // the last good one, or null; may be past keep_for
  bool up = false;                            // the last sample succeeded
  bool tried = false;                         // sampled at least once, whatever the outcome
  std::optional<Failure> failure;             // of the last sample, where it failed
  std::chrono::duration<double> duration{0};  // of the last sample, fetch included
  std::uint64_t samples = 0;
  std::uint64_t failures = 0;
  std::uint64_t skipped = 0;

  // Until when `reading` may be served: its time plus keep_for.
  std::chrono::system_clock::time_point ServedUntil() const {
    return reading->time + query->keep_for;
  }
  bool Serves(std::chrono::system_clock::time_point now) const {
    return reading != nullptr && now <= ServedUntil();
  }
};

struct DatabaseState {
  std::string name;
  bool up = false;       // the last connect, sample or probe reached the server
  bool reached = false;  // ever
  std::uint64_t connections = 0;
  std::uint64_t connects = 0;
  bool role_writable = false;
  std::string role_warning;                               // why role_writable; empty otherwise
  std::string error;                                      // why not up; empty otherwise
  std::array<std::uint64_t, kReasonCount> failures = {};  // by Reason
};

struct ReloadState {
  bool successful = true;
  std::chrono::system_clock::time_point last_success{};
  std::string error;  // of the last reload, where it failed
};

struct BoardSnapshot {
  std::uint64_t version = 0;                                    // grows with every change
  std::vector<std::shared_ptr<const TargetState>> targets;      // by query name, then database
  std::vector<std::shared_ptr<const DatabaseState>> databases;  // in config order
  ReloadState reload;
};

// The outcome of one sample.
struct Outcome {
  std::shared_ptr<const Reading> reading;  // null where the sample failed
  std::optional<Failure> failure;          // set where it failed
  std::chrono::duration<double> duration{0};
};

class Board {
 public:
  // `max_series` is limits.series.
  explicit Board(std::size_t max_series);

  // Makes the board hold exactly these; states of targets and databases that stay (same query text,
  // same name) are kept. All self-metrics of a new one exist at once, at 0.
  void Configure(const std::vector<Target>& targets, const std::vector<std::string>& databases,
                 std::size_t max_series);

  // Publishes an outcome. A target that is no longer on the board, or now has another query or
  // other params, is ignored. Where a reading would take the page over max_series it becomes a
  // failure with kTooManySeries. Returns what was published.
  Outcome Publish(const Target& target, Outcome outcome);
  void CountSkipped(const Target& target, std::uint64_t ticks);

  // Changes one database's state in place, under the lock.
  template <typename Change>
  void UpdateDatabase(const std::string& name, Change change);

  void SetReload(const ReloadState& reload);

  BoardSnapshot Snapshot() const;

  // Waits until the version is not `seen`, the time has come or stop is requested; returns the
  // version then.
  std::uint64_t Wait(std::uint64_t seen, std::chrono::steady_clock::time_point until,
                     std::stop_token stop) const;

 private:
  using Key = std::pair<std::string, std::string>;  // query name, database

  using Targets = std::map<Key, std::shared_ptr<const TargetState>>;

  void Touch();
  Targets::iterator Find(const Target& target);
  // Series on the page beside the `own_series` that this target is to have.
  std::size_t SeriesBeside(const Targets::value_type& own, std::size_t own_series,
                           std::chrono::system_clock::time_point now) const;

  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::size_t max_series_;     // guarded by mutex_
  std::uint64_t version_ = 1;  // guarded by mutex_
  Targets targets_;            // guarded by mutex_
  std::size_t series_ = 0;     // guarded by mutex_; of all readings, expired ones too
  std::vector<std::shared_ptr<const DatabaseState>> databases_;  // guarded by mutex_
  ReloadState reload_;                                           // guarded by mutex_
};

template <typename Change>
void Board::UpdateDatabase(const std::string& name, Change change) {
  std::lock_guard lock(mutex_);
  for (auto& state : databases_) {
    if (state->name != name) continue;
    auto next = std::make_shared<DatabaseState>(*state);
    change(*next);
    state = std::move(next);
    Touch();
    return;
  }
}

}  // namespace tidegauge
