// A Database made by hand that records what is asked of it and fails on demand. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"

namespace tidegauge {

class FakeRows : public Rows {
 public:
  explicit FakeRows(std::string value) : value_(std::move(value)) {}
  std::size_t size() const override { return 1; }
  std::optional<std::string_view> Get(std::size_t, std::size_t) const override { return value_; }
  std::uint32_t TypeOid(std::size_t) const override { return 20; }

 private:
  std::string value_;
};

class FakeDatabase : public Database {
 public:
  // What a fetch of the named query does: returns a value's text, or throws. Called without the
  // lock.
  using Answer = std::function<std::string()>;

  explicit FakeDatabase(std::string name = "app") : name_(std::move(name)) {}

  const std::string& name() const override { return name_; }

  std::unique_ptr<Session> Connect(std::chrono::steady_clock::time_point) override {
    std::unique_lock lock(mutex_);
    ++connects_;
    changed_.notify_all();
    if (connect_error_) throw DatabaseError({Reason::kConnect, *connect_error_, ""}, true);
    if (open_ >= max_open_)
      throw DatabaseError({Reason::kConnect, "too many connections", ""}, true);
    ++open_;
    most_open_ = std::max(most_open_, open_);
    return std::make_unique<FakeSession>(*this, generation_);
  }

  void Shutdown() override {
    std::lock_guard lock(mutex_);
    shut_down_ = true;
    changed_.notify_all();
  }

  void OnFetch(const std::string& query, Answer answer) {
    std::lock_guard lock(mutex_);
    answers_[query] = std::move(answer);
  }
  void SetConnectError(std::optional<std::string> error) {
    std::lock_guard lock(mutex_);
    connect_error_ = std::move(error);
  }
  void SetMaxOpen(int max) {
    std::lock_guard lock(mutex_);
    max_open_ = max;
  }
  // All sessions made so far are found closed at their next BEGIN.
  void CloseSessions() {
    std::lock_guard lock(mutex_);
    ++generation_;
  }
  int connects() const { return Read(connects_); }
  int open() const { return Read(open_); }
  int most_open() const { return Read(most_open_); }
  int describes() const { return Read(describes_); }
  int fetches(const std::string& query) const {
    std::lock_guard lock(mutex_);
    const auto found = fetches_.find(query);
    return found == fetches_.end() ? 0 : found->second;
  }
  std::vector<std::chrono::milliseconds> timeouts(const std::string& query) const {
    std::lock_guard lock(mutex_);
    const auto found = timeouts_.find(query);
    return found == timeouts_.end() ? std::vector<std::chrono::milliseconds>{} : found->second;
  }
  // Blocks a fetch until Shutdown or Release, as a server that hangs.
  void Hang() {
    std::unique_lock lock(mutex_);
    ++hanging_;
    most_hanging_ = std::max(most_hanging_, hanging_);
    changed_.notify_all();
    changed_.wait(lock, [&] { return shut_down_ || released_; });
    --hanging_;
    if (shut_down_) throw DatabaseError({Reason::kCancelled, "shut down", ""}, true);
  }
  void Release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }
  int hanging() const { return Read(hanging_); }
  int most_hanging() const { return Read(most_hanging_); }

 private:
  class FakeSession : public Session {
   public:
    FakeSession(FakeDatabase& database, int generation)
        : database_(database), generation_(generation) {}
    ~FakeSession() override {
      std::lock_guard lock(database_.mutex_);
      --database_.open_;
    }
    void Begin(const TransactionOptions& options, std::chrono::steady_clock::time_point) override {
      std::lock_guard lock(database_.mutex_);
      if (generation_ != database_.generation_) {
        throw DatabaseError({Reason::kConnect, "server closed the connection", ""}, true);
      }
      query_ = options.query_name;
      database_.timeouts_[query_].push_back(options.statement_timeout);
    }
    std::vector<Column> Describe(const std::string&) override {
      std::lock_guard lock(database_.mutex_);
      ++database_.describes_;
      return {{"value", ColumnType::kInteger, "bigint", 20}};
    }
    std::unique_ptr<Rows> Fetch(const std::string&) override {
      Answer answer;
      {
        std::lock_guard lock(database_.mutex_);
        ++database_.fetches_[query_];
        const auto found = database_.answers_.find(query_);
        if (found != database_.answers_.end()) answer = found->second;
      }
      return std::make_unique<FakeRows>(answer ? answer() : "1");
    }
    double EstimateCost(const std::string&) override { return 1; }
    void Rollback() override {}
    void Probe(std::chrono::steady_clock::time_point) override {
      std::lock_guard lock(database_.mutex_);
      if (generation_ != database_.generation_) {
        throw DatabaseError({Reason::kConnect, "server closed the connection", ""}, true);
      }
    }
    const SessionInfo& info() const override { return info_; }

   private:
    FakeDatabase& database_;
    const int generation_;
    std::string query_;
    SessionInfo info_{150000, "tidegauge", false, ""};
  };

  int Read(const int& member) const {
    std::lock_guard lock(mutex_);
    return member;
  }

  const std::string name_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::string> connect_error_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, int> fetches_;
  std::map<std::string, std::vector<std::chrono::milliseconds>> timeouts_;
  int connects_ = 0, open_ = 0, most_open_ = 0, max_open_ = 1000, describes_ = 0;
  int hanging_ = 0, most_hanging_ = 0, generation_ = 0;
  bool shut_down_ = false, released_ = false;
};

}  // namespace tidegauge
