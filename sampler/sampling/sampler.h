// Runs every query on its databases when it is due, and publishes the outcomes.
//
// As many worker threads as there may be sessions serve all databases; each takes the most overdue
// target that has a session to run on. Queries that last ended in `timeout` or `lock_timeout`, and
// first samples that took longer than a second, share one session of their database (the lane), so
// that any number of them leaves the others alone. The lanes of many databases leave one worker to
// the others, too.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "database/database.h"
#include "runtime/heartbeat.h"
#include "sampling/board.h"
#include "sampling/sample.h"
#include "sampling/sample_log.h"
#include "sampling/schedule.h"
#include "sampling/session_pool.h"

namespace tidegauge {

struct SampledDatabase {
  std::shared_ptr<Database> database;  // the same object as before: its sessions are kept
  std::size_t max_connections = 2;
};

struct SamplerOptions {
  std::vector<SampledDatabase> databases;  // in config order
  std::vector<Target> targets;             // each on one of the databases
  std::size_t max_connections = 10;        // over all databases
  std::size_t max_rows = 10'000;
};

class Sampler {
 public:
  using Clock = std::chrono::steady_clock;
  // The first sample of a query is cut here and goes on in the lane.
  static constexpr std::chrono::seconds kFirstCut{1};

  // `board` is configured with the same targets and must outlive the sampler, as must `heartbeats`.
  // Sampling begins at once.
  Sampler(Board& board, HeartbeatMonitor& heartbeats, SamplerOptions options);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // Swaps what is sampled (reload). Targets that stay, on a database that stays, keep their
  // schedule; every one is described again. A database that is left out is shut down. Thread-safe.
  void Configure(SamplerOptions options);

  // Gives up running statements and stops the workers. Returns whether all have ended within
  // `patience`: one may be stuck in a connect or in DNS, and then the process should end without
  // waiting for the destructor.
  bool Stop(std::chrono::milliseconds patience);

 private:
  struct Pool;
  struct Job;
  using QueueKey = std::tuple<Clock::time_point, std::chrono::milliseconds, std::uint64_t>;
  using Queue = std::map<QueueKey, std::shared_ptr<Job>>;
  using Lock = std::unique_lock<std::mutex>;

  // The sessions of a database and the targets that wait for one.
  struct Pool {
    Pool(std::shared_ptr<Database> database, std::size_t max, Clock::time_point now)
        : sessions(std::move(database), max, now) {}
    SessionPool sessions;
    Queue due;   // by due time, then shortest interval
    Queue lane;  // likewise: the slow ones
    bool lane_busy = false;
    bool retired = false;  // no longer configured: sessions are closed as they come back
  };

  struct Job {
    Job(Target job_target, std::shared_ptr<Pool> job_pool, std::uint64_t id,
        Clock::time_point start);
    Target target;
    std::shared_ptr<Pool> pool;
    std::uint64_t id;
    Schedule schedule;
    QueueKey key{};  // where it waits, while it does
    bool running = false;
    bool slow = false;  // runs in the lane
    bool first = true;  // the server has not run it yet: the first time is cut
    bool describe_again = false;
    bool retired = false;  // no longer configured: not queued again
    // The running worker's, without the lock:
    SampleMemory memory;
    SampleLog log;
  };

  // What a worker does next. Nothing where job and pool are both null.
  struct Work {
    std::shared_ptr<Job> job;    // sample this
    std::shared_ptr<Pool> pool;  // on this database; without a job: see whether it is there
    bool down = false;           // … which is known to be down: fail without trying
    std::vector<std::unique_ptr<Session>> to_close;
    Clock::time_point wake;  // where there is nothing to do: when to look again
  };

  // What one attempt to sample, or to probe, came to.
  struct Attempt {
    std::unique_ptr<Session> session;
    SampleResult result;
    bool connect_failed = false;
    std::optional<Clock::time_point> idle_since;  // where the session was not used for a sample
  };

  void RunWorker(Heartbeat& heartbeat);
  Work NextWork(Clock::time_point now);
  void CloseIdle(Work& work, Clock::time_point now);
  void MakeRoom(Work& work);
  std::size_t OpenSessions() const;
  std::shared_ptr<Pool> PoolOfOldestIdle() const;
  void CloseOldestIdle(Pool& pool, Work& work);
  void RunJob(Lock& lock, Heartbeat& heartbeat, Work& work);
  void FailDown(Work& work);
  void RunProbe(Lock& lock, Heartbeat& heartbeat, Work& work);
  Attempt SampleOn(std::unique_ptr<Session> session, Pool& pool, Job& job, SampleLimits limits);
  void Sample(std::unique_ptr<Session> session, Pool& pool, Job& job, SampleLimits limits,
              Attempt& attempt);
  std::unique_ptr<Session> Connect(Pool& pool, Attempt& attempt);
  void Settle(Pool& pool, Attempt& attempt, Clock::time_point now);
  void Finish(const std::shared_ptr<Job>& job, Outcome outcome, std::size_t rows,
              Clock::time_point now);
  void Enqueue(const std::shared_ptr<Job>& job);
  void Dequeue(Job& job);
  void WakeWaiting(Pool& pool, Clock::time_point now);
  void PublishDatabase(const Pool& pool);
  void StartWorkers();

  Board& board_;
  HeartbeatMonitor& heartbeats_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;                                                     // guarded by mutex_
  std::size_t max_connections_ = 0;                                           // guarded by mutex_
  std::size_t max_rows_ = 0;                                                  // guarded by mutex_
  std::size_t live_workers_ = 0;                                              // guarded by mutex_
  std::uint64_t next_id_ = 0;                                                 // guarded by mutex_
  std::vector<std::shared_ptr<Pool>> pools_;                                  // guarded by mutex_
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Job>> jobs_;  // guarded by mutex_
  std::list<Heartbeat> beats_;
  std::vector<std::jthread> workers_;  // last: joined first
};

}  // namespace tidegauge
