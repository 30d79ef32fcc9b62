#include "sampling/sampler.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "database/postgres.h"
#include "runtime/log.h"

namespace tidegauge {
namespace {

using Clock = Sampler::Clock;

constexpr std::chrono::seconds kProbePatience{5};
// Workers look up at least this often, to show that they turn.
constexpr std::chrono::seconds kLookUpEvery{5};

bool IsSlow(const std::optional<Failure>& failure) {
  return failure &&
         (failure->reason == Reason::kTimeout || failure->reason == Reason::kLockTimeout);
}

}  // namespace

Sampler::Job::Job(Target job_target, std::shared_ptr<Pool> job_pool, std::uint64_t job_id,
                  Clock::time_point start)
    : target(std::move(job_target)),
      pool(std::move(job_pool)),
      id(job_id),
      schedule(target.query->every, target.query->timeout,
               PhaseHash(target.query->name, target.database), start) {}

Sampler::Sampler(Board& board, HeartbeatMonitor& heartbeats, SamplerOptions options)
    : board_(board), heartbeats_(heartbeats) {
  Configure(std::move(options));
}

Sampler::~Sampler() {
  Stop(std::chrono::milliseconds(0));
  workers_.clear();
  // A queue holds its jobs, and a job its pool: the circle is cut here.
  for (const auto& pool : pools_) {
    pool->due.clear();
    pool->lane.clear();
  }
}

void Sampler::Configure(SamplerOptions options) {
  // Both after the lock is given up.
  std::vector<std::shared_ptr<Database>> to_shut_down;
  std::vector<std::unique_ptr<Session>> to_close;
  Lock lock(mutex_);
  const auto now = Clock::now();
  max_connections_ = options.max_connections;
  max_rows_ = options.max_rows;

  std::vector<std::shared_ptr<Pool>> pools;
  for (SampledDatabase& sampled : options.databases) {
    const auto old = std::find_if(pools_.begin(), pools_.end(), [&](const auto& pool) {
      return pool->sessions.database() == sampled.database;
    });
    if (old != pools_.end()) {
      (*old)->sessions.set_max_sessions(sampled.max_connections);
      pools.push_back(*old);
    } else {
      pools.push_back(std::make_shared<Pool>(sampled.database, sampled.max_connections, now));
    }
  }
  for (const auto& pool : pools_) {
    if (std::find(pools.begin(), pools.end(), pool) != pools.end()) continue;
    pool->retired = true;
    to_shut_down.push_back(pool->sessions.database());
    while (auto session = pool->sessions.TakeOldestIdle()) to_close.push_back(std::move(session));
  }
  pools_ = std::move(pools);

  auto old_jobs = std::move(jobs_);
  jobs_.clear();
  for (Target& target : options.targets) {
    const auto pool = *std::find_if(pools_.begin(), pools_.end(), [&](const auto& candidate) {
      return candidate->sessions.database()->name() == target.database;
    });
    const std::pair key{target.query->name, target.database};
    std::shared_ptr<Job> job;
    const auto old = old_jobs.find(key);
    if (old != old_jobs.end() && *old->second->target.query == *target.query &&
        old->second->target.params == target.params && old->second->pool == pool) {
      job = old->second;
      old_jobs.erase(old);
      if (!job->running) Dequeue(*job);
      job->describe_again = true;
    } else {
      job = std::make_shared<Job>(std::move(target), pool, next_id_++, now);
    }
    jobs_.emplace(key, job);
    if (!job->running) Enqueue(job);
  }
  for (auto& [key, job] : old_jobs) {
    job->retired = true;
    if (!job->running) Dequeue(*job);
  }
  for (const auto& pool : pools_) PublishDatabase(*pool);
  StartWorkers();
  changed_.notify_all();
  lock.unlock();
  for (const auto& database : to_shut_down) database->Shutdown();
}

void Sampler::StartWorkers() {
  std::size_t wanted = 0;
  for (const auto& pool : pools_) wanted += pool->sessions.max_sessions();
  wanted = std::min(wanted, max_connections_);
  while (workers_.size() < wanted && !stopping_) {
    Heartbeat& beat =
        beats_.emplace_back(heartbeats_, "sampler worker " + std::to_string(workers_.size() + 1));
    try {
      workers_.emplace_back([this, &beat] { RunWorker(beat); });
    } catch (const std::system_error& error) {
      beats_.pop_back();
      if (workers_.empty()) throw;
      Log(LogLevel::kWarn, "fewer sampler threads than limits.connections asks for: " +
                               std::string(error.what()) + "; raise the limit of threads");
      return;
    }
    ++live_workers_;
  }
}

bool Sampler::Stop(std::chrono::milliseconds patience) {
  Lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  const auto pools = pools_;
  lock.unlock();
  for (const auto& pool : pools) pool->sessions.database()->Shutdown();
  lock.lock();
  return changed_.wait_for(lock, patience, [this] { return live_workers_ == 0; });
}

void Sampler::RunWorker(Heartbeat& heartbeat) {
  Lock lock(mutex_);
  while (!stopping_) {
    Work work = NextWork(Clock::now());
    if (work.down) {
      FailDown(work);
    } else if (work.job != nullptr) {
      RunJob(lock, heartbeat, work);
    } else if (work.pool != nullptr) {
      RunProbe(lock, heartbeat, work);
    } else if (work.to_close.empty()) {
      heartbeat.BeatUntil(work.wake);
      changed_.wait_until(lock, work.wake);
    }
    if (!work.to_close.empty()) {
      lock.unlock();
      work.to_close.clear();
      lock.lock();
    }
    heartbeat.Beat();
  }
  --live_workers_;
  changed_.notify_all();
}

// Picks the most overdue thing that can be done now and takes it off its queue. A place of its
// database is not taken yet.
Sampler::Work Sampler::NextWork(Clock::time_point now) {
  Work work;
  work.wake = now + kLookUpEvery;
  CloseIdle(work, now);

  const bool full = OpenSessions() >= max_connections_ && PoolOfOldestIdle() == nullptr;
  const auto lanes = static_cast<std::size_t>(std::count_if(
      pools_.begin(), pools_.end(), [](const auto& pool) { return pool->lane_busy; }));
  const bool lane_allowed = lanes == 0 || lanes + 1 < max_connections_;

  std::optional<QueueKey> best;
  const auto consider = [&](const std::shared_ptr<Pool>& pool, const QueueKey& key,
                            std::shared_ptr<Job> job, bool down) {
    if (std::get<0>(key) > now) {
      work.wake = std::min(work.wake, std::get<0>(key));
    } else if (!best || key < *best) {
      best = key;
      work.pool = pool;
      work.job = std::move(job);
      work.down = down;
    }
  };
  for (const auto& pool : pools_) {
    auto access = pool->sessions.access(now);
    if (full && access == SessionPool::Access::kReady) access = SessionPool::Access::kBusy;
    if (access == SessionPool::Access::kBusy) {
      if (pool->sessions.blocked_until() > now) {
        work.wake = std::min(work.wake, pool->sessions.blocked_until());
      }
      continue;
    }
    const bool down = access == SessionPool::Access::kDown;
    if (!pool->due.empty()) {
      consider(pool, pool->due.begin()->first, pool->due.begin()->second, down);
    }
    if (!pool->lane.empty() && (down || (!pool->lane_busy && lane_allowed))) {
      consider(pool, pool->lane.begin()->first, pool->lane.begin()->second, down);
    }
    // A probe gives way to every sample that is due at the same time: that tells as much.
    const auto probe = std::max(pool->sessions.ProbeDue(), Clock::time_point{});
    consider(pool, {probe, std::chrono::milliseconds::max(), 0}, nullptr, false);
  }
  if (work.job != nullptr) Dequeue(*work.job);
  if (work.pool != nullptr && !work.down) MakeRoom(work);
  return work;
}

// Sessions with nothing due for long go, and those beyond a limit that a reload has lowered.
void Sampler::CloseIdle(Work& work, Clock::time_point now) {
  while (const auto pool = PoolOfOldestIdle()) {
    const bool long_idle = now - *pool->sessions.OldestIdleSince() >= SessionPool::kIdleLimit;
    if (!long_idle && OpenSessions() <= max_connections_) break;
    CloseOldestIdle(*pool, work);
  }
}

// At the limit of sessions over all databases, an idle one elsewhere goes.
void Sampler::MakeRoom(Work& work) {
  if (!work.pool->sessions.needs_connect() || OpenSessions() < max_connections_) return;
  if (const auto pool = PoolOfOldestIdle()) CloseOldestIdle(*pool, work);
}

std::size_t Sampler::OpenSessions() const {
  std::size_t open = 0;
  for (const auto& pool : pools_) open += pool->sessions.open();
  return open;
}

// Null where no session is idle.
std::shared_ptr<Sampler::Pool> Sampler::PoolOfOldestIdle() const {
  std::shared_ptr<Pool> oldest;
  for (const auto& pool : pools_) {
    const auto since = pool->sessions.OldestIdleSince();
    if (since && (oldest == nullptr || *since < *oldest->sessions.OldestIdleSince())) oldest = pool;
  }
  return oldest;
}

void Sampler::CloseOldestIdle(Pool& pool, Work& work) {
  work.to_close.push_back(pool.sessions.TakeOldestIdle());
  PublishDatabase(pool);
}

void Sampler::FailDown(Work& work) {
  const auto now = Clock::now();
  const auto wait =
      std::chrono::ceil<std::chrono::seconds>(work.pool->sessions.blocked_until() - now);
  board_.CountSkipped(work.job->target, work.job->schedule.Begin(now));
  Outcome outcome;
  outcome.failure = Failure{Reason::kConnect,
                            work.pool->sessions.error() + " (next attempt in " +
                                std::to_string(std::max<std::int64_t>(wait.count(), 1)) + " s)",
                            ""};
  Finish(work.job, std::move(outcome), 0, now);
}

void Sampler::RunJob(Lock& lock, Heartbeat& heartbeat, Work& work) {
  const std::shared_ptr<Job>& job = work.job;
  Pool& pool = *work.pool;
  const Schedule before = job->schedule;
  const auto began = Clock::now();
  const std::size_t skipped = job->schedule.Begin(began);
  const bool in_lane = job->slow;
  SampleLimits limits{job->target.query->timeout, max_rows_};
  const bool cut = job->first && limits.timeout > kFirstCut;
  if (cut) limits.timeout = kFirstCut;
  if (std::exchange(job->describe_again, false)) job->memory.projection.reset();
  if (in_lane) pool.lane_busy = true;
  job->running = true;
  auto session = pool.sessions.Take();
  heartbeat.BeatUntil(began + limits.timeout + kCutOffGrace + kConnectPatience);

  lock.unlock();
  work.to_close.clear();
  Attempt attempt = SampleOn(std::move(session), pool, *job, limits);
  lock.lock();

  const auto now = Clock::now();
  if (in_lane) pool.lane_busy = false;
  Settle(pool, attempt, now);
  job->running = false;  // not before: Settle may put what does not run into its queue again
  changed_.notify_all();
  if (stopping_) return;

  if (attempt.connect_failed && pool.sessions.open() > 0) {
    // Not down, only full: it waits for one of the sessions that there are.
    job->schedule = before;
    if (!job->retired) Enqueue(job);
    return;
  }
  if (cut && IsSlow(attempt.result.outcome.failure)) {
    job->first = false;
    job->slow = true;
    job->schedule.Restart(now);
    if (!job->retired) Enqueue(job);
    return;
  }
  board_.CountSkipped(job->target, skipped);
  Finish(job, std::move(attempt.result.outcome), attempt.result.rows, now);
}

Sampler::Attempt Sampler::SampleOn(std::unique_ptr<Session> session, Pool& pool, Job& job,
                                   SampleLimits limits) {
  Attempt attempt;
  const auto started = Clock::now();
  try {
    Sample(std::move(session), pool, job, limits, attempt);
  } catch (const std::exception& error) {
    // Not the database's doing: memory ran out. The other queries go on.
    attempt.session.reset();
    job.memory = {};
    attempt.result.outcome = {};
    attempt.result.outcome.failure =
        Failure{Reason::kSql,
                job.target.query->file + ": could not be sampled: " + error.what() +
                    "; see that tidegauge has memory enough",
                ""};
  }
  attempt.result.outcome.duration = Clock::now() - started;
  return attempt;
}

void Sampler::Sample(std::unique_ptr<Session> session, Pool& pool, Job& job, SampleLimits limits,
                     Attempt& attempt) {
  const auto started = Clock::now();
  const bool pooled = session != nullptr;
  attempt.session = pooled ? std::move(session) : Connect(pool, attempt);
  if (attempt.session == nullptr) return;

  attempt.result = SampleOnce(*attempt.session, job.target, limits, job.memory);
  if (pooled && attempt.result.lost_at_begin) {
    // Closed while it was idle: replaced once, within the same timeout.
    attempt.session.reset();
    attempt.session = Connect(pool, attempt);
    if (attempt.session == nullptr) return;
    const auto used = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - started);
    limits.timeout = std::max(limits.timeout - used, std::chrono::milliseconds(10));
    attempt.result = SampleOnce(*attempt.session, job.target, limits, job.memory);
  }
  if (attempt.result.session_lost) attempt.session.reset();
}

std::unique_ptr<Session> Sampler::Connect(Pool& pool, Attempt& attempt) {
  const std::string& name = pool.sessions.database()->name();
  try {
    auto session = pool.sessions.database()->Connect(Clock::now() + kConnectPatience);
    const SessionInfo& info = session->info();
    bool newly_writable = false;
    board_.UpdateDatabase(name, [&](DatabaseState& state) {
      ++state.connects;
      newly_writable = info.role_writable && !state.role_writable;
      state.role_writable = info.role_writable;
      state.role_warning = info.writable_reason;
    });
    if (newly_writable) {
      Log(LogLevel::kWarn,
          "the database role may write: " + info.writable_reason +
              "; give the sampler a role that can only read",
          {{"database", name}});
    }
    return session;
  } catch (const DatabaseError& error) {
    attempt.result.outcome.failure = error.failure();
  } catch (const std::exception& error) {
    attempt.result.outcome.failure =
        Failure{Reason::kConnect, "database '" + name + "': cannot connect: " + error.what(), ""};
  }
  attempt.connect_failed = true;
  return nullptr;
}

void Sampler::RunProbe(Lock& lock, Heartbeat& heartbeat, Work& work) {
  Pool& pool = *work.pool;
  const auto began = Clock::now();
  Attempt attempt;
  // Asking is no use of a session: one with nothing due is closed in its time, and one made for
  // this alone at once.
  attempt.idle_since = pool.sessions.NewestIdleSince();
  if (!attempt.idle_since && pool.sessions.up()) {
    attempt.idle_since = began - SessionPool::kIdleLimit;
  }
  auto session = pool.sessions.Take();
  heartbeat.BeatUntil(began + kProbePatience + kConnectPatience);
  lock.unlock();
  work.to_close.clear();
  if (session == nullptr) {
    attempt.session = Connect(pool, attempt);
  } else {
    try {
      session->Probe(began + kProbePatience);
      attempt.session = std::move(session);
    } catch (const DatabaseError& error) {
      session.reset();
      attempt.result.session_lost = true;
      attempt.result.outcome.failure = error.failure();
    }
  }
  lock.lock();
  Settle(pool, attempt, Clock::now());
  changed_.notify_all();
}

// Gives the place back and notes whether the server was reached.
void Sampler::Settle(Pool& pool, Attempt& attempt, Clock::time_point now) {
  const auto& failure = attempt.result.outcome.failure;
  const bool was_up = pool.sessions.up();
  if (attempt.session != nullptr) {
    if (pool.retired || stopping_) {
      attempt.session.reset();  // closing is one message; it does not wait for an answer
      pool.sessions.Drop();
    } else {
      pool.sessions.Return(std::move(attempt.session), attempt.idle_since.value_or(now));
    }
    if (pool.sessions.Reached(now)) WakeWaiting(pool, now);
  } else {
    pool.sessions.Drop();
    if (attempt.connect_failed) {
      pool.sessions.ConnectFailed(failure->message, now);
    } else {
      pool.sessions.Lost(failure ? failure->message : "the session was lost");
    }
  }
  if (stopping_ || pool.retired) return;
  if (was_up != pool.sessions.up()) {
    const std::string& name = pool.sessions.database()->name();
    if (pool.sessions.up()) {
      Log(LogLevel::kInfo, "database reached", {{"database", name}});
    } else {
      Log(LogLevel::kWarn, "database not reached: " + pool.sessions.error(), {{"database", name}});
    }
  }
  PublishDatabase(pool);
}

void Sampler::Finish(const std::shared_ptr<Job>& job, Outcome outcome, std::size_t rows,
                     Clock::time_point now) {
  if (job->retired) return;
  outcome = board_.Publish(job->target, std::move(outcome));
  std::optional<Reason> reason;
  if (outcome.failure) reason = outcome.failure->reason;
  if (reason == Reason::kConnect) {
    job->describe_again = true;  // and of how long it takes it says nothing
  } else {
    job->first = false;
    job->slow = IsSlow(outcome.failure);
  }
  board_.CountSkipped(job->target, job->schedule.End(now, reason));
  job->log.Write(job->target, outcome, rows, now);
  Enqueue(job);
  changed_.notify_all();
}

void Sampler::Enqueue(const std::shared_ptr<Job>& job) {
  job->key = {job->schedule.due(), job->target.query->every, job->id};
  (job->slow ? job->pool->lane : job->pool->due).emplace(job->key, job);
}

void Sampler::Dequeue(Job& job) { (job.slow ? job.pool->lane : job.pool->due).erase(job.key); }

void Sampler::WakeWaiting(Pool& pool, Clock::time_point now) {
  for (const auto& [key, job] : jobs_) {
    if (job->running || job->pool.get() != &pool) continue;
    Dequeue(*job);
    job->schedule.DatabaseReached(now);
    Enqueue(job);
  }
}

void Sampler::PublishDatabase(const Pool& pool) {
  board_.UpdateDatabase(pool.sessions.database()->name(), [&](DatabaseState& state) {
    state.up = pool.sessions.up();
    state.reached = state.reached || state.up;
    state.connections = pool.sessions.open();
    state.error = pool.sessions.error();
  });
}

}  // namespace tidegauge
