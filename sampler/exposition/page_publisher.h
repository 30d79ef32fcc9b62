// The page thread: follows the board and keeps the current page.
#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "exposition/page_builder.h"
#include "runtime/heartbeat.h"

namespace tidegauge {

// A new page at most every 100 ms, and whenever a reading expires. The first page stands when the
// constructor returns. Current() is thread-safe and holds the lock for the pointer's copy alone.
class PagePublisher {
 public:
  PagePublisher(const Board& board, PageOptions options, HeartbeatMonitor& heartbeats);

  std::shared_ptr<const Page> Current() const;

  // Takes effect with the next page (reload).
  void SetOptions(PageOptions options);

 private:
  void Run(std::stop_token stop);
  void Publish(std::shared_ptr<const Page> page);

  const Board& board_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Page> page_;           // guarded by mutex_
  std::unique_ptr<PageOptions> next_options_;  // guarded by mutex_
  std::unique_ptr<PageBuilder> builder_;       // the page thread's
  Heartbeat heartbeat_;
  std::jthread thread_;  // last: stopped and joined first
};

}  // namespace tidegauge
