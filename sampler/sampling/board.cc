#include "sampling/board.h"

#include <algorithm>

namespace tidegauge {

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
  const auto found = targets_.find({target.query->name, target.database});
  if (found == targets_.end() || *found->second->query != *target.query) return outcome;

  auto next = std::make_shared<TargetState>(*found->second);
  if (outcome.reading != nullptr) {
    const std::size_t others = ServedSeriesWithout(found->first, outcome.reading->time);
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

// Only what is still served counts: an expired reading is not on the page.
std::size_t Board::ServedSeriesWithout(const Key& key,
                                       std::chrono::system_clock::time_point now) const {
  std::size_t series = 0;
  for (const auto& [other, state] : targets_) {
    if (other != key && state->Serves(now)) series += state->reading->series;
  }
  return series;
}

void Board::CountSkipped(const Target& target, std::uint64_t ticks) {
  std::lock_guard lock(mutex_);
  const auto found = targets_.find({target.query->name, target.database});
  if (ticks == 0 || found == targets_.end() || *found->second->query != *target.query) return;
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
