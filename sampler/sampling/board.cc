#include "sampling/board.h"

#include <algorithm>

namespace tidegauge {

namespace {

std::size_t SeriesOf(const TargetState& state) {
  return state.reading == nullptr ? 0 : state.reading->series;
}

}  // namespace

Board::Board(std::size_t max_series) : max_series_(max_series) {}

void Board::Touch() {
  ++version_;
  changed_.notify_all();
}

void Board::Configure(const std::vector<Target>& targets, const std::vector<std::string>& databases,
                      std::size_t max_series) {
  std::lock_guard lock(mutex_);
  max_series_ = max_series;

  std::map<Key, std::shared_ptr<const TargetState>> next_targets;
  for (const Target& target : targets) {
    auto& slot = next_targets[{target.query->name, target.database}];
    const auto old = targets_.find({target.query->name, target.database});
    if (old != targets_.end() && *old->second->query == *target.query &&
        old->second->params == target.params) {
      slot = old->second;
      continue;
    }
    auto fresh = std::make_shared<TargetState>();
    fresh->query = target.query;
    fresh->database = target.database;
    fresh->params = target.params;
    slot = std::move(fresh);
  }
  targets_ = std::move(next_targets);
  series_ = 0;
  for (const auto& [key, state] : targets_) series_ += SeriesOf(*state);

  std::vector<std::shared_ptr<const DatabaseState>> next_databases;
  for (const std::string& name : databases) {
    const auto old = std::find_if(databases_.begin(), databases_.end(),
                                  [&](const auto& state) { return state->name == name; });
    if (old != databases_.end()) {
      next_databases.push_back(*old);
      continue;
    }
    auto fresh = std::make_shared<DatabaseState>();
    fresh->name = name;
    next_databases.push_back(std::move(fresh));
  }
  databases_ = std::move(next_databases);
  Touch();
}

Outcome Board::Publish(const Target& target, Outcome outcome) {
  std::lock_guard lock(mutex_);
  const auto found = Find(target);
  if (found == targets_.end()) return outcome;

  auto next = std::make_shared<TargetState>(*found->second);
  if (outcome.reading != nullptr) {
    const std::size_t others = SeriesBeside(*found, outcome.reading->series, outcome.reading->time);
    if (others + outcome.reading->series > max_series_) {
      outcome.failure =
          Failure{Reason::kTooManySeries,
                  next->query->file + ": " + std::to_string(outcome.reading->series) +
                      " series would take the page to " +
                      std::to_string(others + outcome.reading->series) + ", over limits.series (" +
                      std::to_string(max_series_) + "): export fewer series or raise limits.series",
                  ""};
      outcome.reading = nullptr;
    }
  }

  ++next->samples;
  next->tried = true;
  next->up = outcome.reading != nullptr;
  next->duration = outcome.duration;
  next->failure = outcome.failure;
  if (outcome.reading != nullptr) {
    series_ += outcome.reading->series - SeriesOf(*next);
    next->reading = outcome.reading;
  } else {
    ++next->failures;
    for (auto& state : databases_) {
      if (state->name != target.database) continue;
      auto counted = std::make_shared<DatabaseState>(*state);
      ++counted->failures[static_cast<std::size_t>(outcome.failure->reason)];
      state = std::move(counted);
    }
  }
  found->second = std::move(next);
  Touch();
  return outcome;
}

// The target's state; the end where it is no longer on the board, or is another by now.
Board::Targets::iterator Board::Find(const Target& target) {
  const auto found = targets_.find({target.query->name, target.database});
  if (found == targets_.end()) return found;
  const TargetState& state = *found->second;
  const bool same = (state.query == target.query || *state.query == *target.query) &&
                    state.params == target.params;
  return same ? found : targets_.end();
}

// Only what is still served counts: an expired reading is not on the page. They are looked through
// where it matters alone: there may be ten thousand.
std::size_t Board::SeriesBeside(const Targets::value_type& own, std::size_t own_series,
                                std::chrono::system_clock::time_point now) const {
  const std::size_t all = series_ - SeriesOf(*own.second);
  if (all + own_series <= max_series_) return all;
  std::size_t series = 0;
  for (const auto& target : targets_) {
    if (&target != &own && target.second->Serves(now)) series += SeriesOf(*target.second);
  }
  return series;
}

void Board::CountSkipped(const Target& target, std::uint64_t ticks) {
  std::lock_guard lock(mutex_);
  if (ticks == 0) return;
  const auto found = Find(target);
  if (found == targets_.end()) return;
  auto next = std::make_shared<TargetState>(*found->second);
  next->skipped += ticks;
  found->second = std::move(next);
  Touch();
}

void Board::SetReload(const ReloadState& reload) {
  std::lock_guard lock(mutex_);
  reload_ = reload;
  Touch();
}

BoardSnapshot Board::Snapshot() const {
  std::lock_guard lock(mutex_);
  BoardSnapshot snapshot;
  snapshot.version = version_;
  snapshot.targets.reserve(targets_.size());
  for (const auto& [key, state] : targets_) snapshot.targets.push_back(state);
  snapshot.databases = databases_;
  snapshot.reload = reload_;
  return snapshot;
}

std::uint64_t Board::Wait(std::uint64_t seen, std::chrono::steady_clock::time_point until,
                          std::stop_token stop) const {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, until, [&] { return version_ != seen; });
  return version_;
}

}  // namespace tidegauge
