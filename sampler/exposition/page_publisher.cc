#include "exposition/page_publisher.h"

#include <algorithm>
#include <utility>

namespace tidegauge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kSpacing{100};
constexpr std::chrono::seconds kRefresh{5};
// A page that is costly to make comes less often: the page thread takes a quarter of one core at
// most, up to this pause.
constexpr int kRest = 3;
constexpr std::chrono::seconds kLongestSpacing{1};

}  // namespace

PagePublisher::PagePublisher(const Board& board, PageOptions options, HeartbeatMonitor& heartbeats)
    : board_(board),
      builder_(std::make_unique<PageBuilder>(std::move(options))),
      heartbeat_(heartbeats, "page") {
  Publish();
  thread_ = std::jthread([this](std::stop_token stop) { Run(std::move(stop)); });
}

std::shared_ptr<const Page> PagePublisher::Current() const {
  std::lock_guard lock(mutex_);
  return page_;
}

void PagePublisher::SetOptions(PageOptions options) {
  std::lock_guard lock(mutex_);
  next_options_ = std::make_unique<PageOptions>(std::move(options));
}

void PagePublisher::TakeOptions() {
  std::unique_ptr<PageOptions> options;
  {
    std::lock_guard lock(mutex_);
    options = std::move(next_options_);
  }
  if (options == nullptr) return;
  builder_ = std::make_unique<PageBuilder>(std::move(*options));
  published_ = {};  // due at once
}

void PagePublisher::Publish() {
  const Clock::time_point start = Clock::now();
  BoardSnapshot snapshot = board_.Snapshot();
  std::shared_ptr<const Page> page = builder_->Build(snapshot, std::chrono::system_clock::now());
  published_ = Clock::now();
  cost_ = published_ - start;
  {
    std::lock_guard lock(mutex_);
    page_.swap(page);
  }
  version_ = snapshot.version;
  // The former page, where no scrape holds it, goes here, outside the lock.
}

void PagePublisher::Run(std::stop_token stop) {
  std::mutex pause;
  while (!stop.stop_requested()) {
    heartbeat_.Beat();
    TakeOptions();
    // The wall clock is asked at each turn, not only when a wait for it ends: it may be set.
    const auto expiry = builder_->NextExpiry();
    const auto wall_now = std::chrono::system_clock::now();
    const Clock::time_point now = Clock::now();
    Clock::time_point wake = std::min(now + HeartbeatMonitor::kBeatEvery, published_ + kRefresh);
    if (expiry) {
      const auto left = std::max(*expiry - wall_now, std::chrono::system_clock::duration::zero());
      if (left < HeartbeatMonitor::kBeatEvery) {
        wake = std::min(wake, now + std::chrono::duration_cast<Clock::duration>(left));
      }
    }
    const bool changed = board_.Wait(version_, wake, stop) != version_;
    const bool expired = expiry && std::chrono::system_clock::now() >= *expiry;
    if (!changed && !expired && Clock::now() < published_ + kRefresh) continue;

    const auto spacing = std::clamp<Clock::duration>(kRest * cost_, kSpacing, kLongestSpacing);
    std::unique_lock lock(pause);
    never_.wait_until(lock, stop, published_ + spacing, [] { return false; });
    if (stop.stop_requested()) return;
    Publish();
  }
}

}  // namespace tidegauge
