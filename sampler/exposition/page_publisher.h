// The page thread: follows the board and keeps the current page.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "exposition/page_builder.h"
#include "runtime/heartbeat.h"

namespace tidegauge {

// A new page at most every 100 ms after the board changed, whenever a reading expires, and every 5
// s for the process-level metrics. The first page stands when the constructor returns. Current() is
// thread-safe and holds the lock for the pointer's copy alone.
class PagePublisher {
 public:
  PagePublisher(const Board& board, PageOptions options, HeartbeatMonitor& heartbeats);

  std::shared_ptr<const Page> Current() const;

  // The board's version that the current page shows. Thread-safe.
  std::uint64_t board_version() const { return version_; }

  // Takes effect with the next page, within a second (reload).
  void SetOptions(PageOptions options);

 private:
  void Run(std::stop_token stop);
  // Makes the page of the board as it is and publishes it.
  void Publish();
  void TakeOptions();

  const Board& board_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Page> page_;           // guarded by mutex_
  std::unique_ptr<PageOptions> next_options_;  // guarded by mutex_
  std::atomic<std::uint64_t> version_ = 0;     // of the board, on page_; set after it

  // The page thread's, once the constructor has made the first page.
  std::unique_ptr<PageBuilder> builder_;
  std::chrono::steady_clock::time_point published_{};  // when the current page was made
  std::chrono::steady_clock::duration cost_{};         // how long that took
  std::condition_variable_any never_;                  // waited on for time and stop alone

  Heartbeat heartbeat_;
  std::jthread thread_;  // last: stopped and joined first
};

}  // namespace tidegauge
