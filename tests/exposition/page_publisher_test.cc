#include "exposition/page_publisher.h"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "exposition/boards.h"

namespace tidegauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

// Waits for what must come, with a bound that no slow machine reaches.
bool Eventually(const std::function<bool()>& condition) {
  const auto end = Clock::now() + seconds{60};
  while (!condition()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds{2});
  }
  return true;
}

class PagePublisherTest : public testing::Test {
 protected:
  PagePublisherTest() {
    query_ = MakeQuery("a/b", {"x_items"});
    target_.query = query_;
    target_.database = "app";
    board_.Configure({target_}, {"app"}, 1'000);
  }

  void PublishReading(double value) {
    Outcome outcome;
    outcome.reading = MakeReading(*query_, {{{}, value}}, std::chrono::system_clock::now());
    board_.Publish(target_, std::move(outcome));
  }

  std::shared_ptr<Query> query_;
  Target target_;
  Board board_{1'000};
  HeartbeatMonitor heartbeats_;
};

TEST_F(PagePublisherTest, HasAPageAtOnce) {
  const PagePublisher publisher(board_, {{}, "1", "2"}, heartbeats_);
  const auto page = publisher.Current();
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(LinesOf(Text(*page), "tidegauge_query_up{"),
            std::vector<std::string>{"tidegauge_query_up{database=\"app\",query=\"a/b\"} 0"});
}

TEST_F(PagePublisherTest, FollowsTheBoard) {
  const PagePublisher publisher(board_, {}, heartbeats_);
  for (int value = 1; value <= 3; ++value) {
    PublishReading(value);
    EXPECT_TRUE(Eventually([&] {
      return Text(*publisher.Current())
                 .find("x_items{database=\"app\"} " + std::to_string(value) + "\n") !=
             std::string::npos;
    }));
  }
}

TEST_F(PagePublisherTest, ChangesGaugeAndSelfMetricsTogether) {
  const PagePublisher publisher(board_, {}, heartbeats_);
  std::jthread writer([this](std::stop_token stop) {
    for (int value = 1; !stop.stop_requested(); ++value) {
      PublishReading(value);
      std::this_thread::sleep_for(milliseconds{3});
    }
  });
  std::string last;
  int pages = 0;
  ASSERT_TRUE(Eventually([&] {
    const std::string text = Text(*publisher.Current());
    const auto gauge = LinesOf(text, "x_items{");
    if (gauge.empty() || gauge[0] == last) return false;
    last = gauge[0];
    const std::string value = last.substr(last.find(' ') + 1);
    EXPECT_EQ(LinesOf(text, "tidegauge_query_samples_total")[0],
              "tidegauge_query_samples_total{database=\"app\",query=\"a/b\"} " + value);
    return ++pages == 5;
  }));
}

TEST_F(PagePublisherTest, MakesNoMoreThanTenPagesASecond) {
  const PagePublisher publisher(board_, {}, heartbeats_);
  const auto start = Clock::now();
  std::shared_ptr<const Page> last = publisher.Current();
  int pages = 0;
  for (int i = 0; i < 300; ++i) {
    PublishReading(i);
    std::this_thread::sleep_for(milliseconds{2});
    if (auto page = publisher.Current(); page != last) {
      ++pages;
      last = std::move(page);
    }
  }
  const auto tenths = (Clock::now() - start) / milliseconds{100};
  EXPECT_GE(pages, 1);
  EXPECT_LE(pages, tenths + 2);
}

TEST_F(PagePublisherTest, DropsAReadingThatGrewTooOldWithoutAnyPublish) {
  query_ = MakeQuery("a/b", {"x_items"});
  query_->keep_for = milliseconds{1'500};
  target_.query = query_;
  board_.Configure({target_}, {"app"}, 1'000);
  PublishReading(7);
  const std::uint64_t version = board_.Snapshot().version;
  const PagePublisher publisher(board_, {}, heartbeats_);
  EXPECT_TRUE(Eventually([&] { return LinesOf(Text(*publisher.Current()), "x_items{").empty(); }));
  EXPECT_EQ(board_.Snapshot().version, version);
  EXPECT_EQ(LinesOf(Text(*publisher.Current()), "tidegauge_query_up{"),
            std::vector<std::string>{"tidegauge_query_up{database=\"app\",query=\"a/b\"} 1"});
}

TEST_F(PagePublisherTest, RefreshesProcessMetricsOfAQuietBoard) {
  const PagePublisher publisher(board_, {}, heartbeats_);
  const auto cpu = [&] {
    return LinesOf(Text(*publisher.Current()), "process_cpu_seconds_total")[0];
  };
  const std::string before = cpu();
  EXPECT_TRUE(Eventually([&] { return cpu() != before; }));  // asking burns the time it counts
}

TEST_F(PagePublisherTest, TakesNewOptions) {
  PagePublisher publisher(board_, {}, heartbeats_);
  publisher.SetOptions({{{"environment", "new"}}, "3", "4"});
  EXPECT_TRUE(Eventually([&] {
    return LinesOf(Text(*publisher.Current()), "tidegauge_build_info") ==
           std::vector<std::string>{
               "tidegauge_build_info{environment=\"new\",version=\"3\",revision=\"4\"} 1"};
  }));
}

TEST_F(PagePublisherTest, BeatsWhileTheBoardIsQuiet) {
  const PagePublisher publisher(board_, {}, heartbeats_);
  const auto start = Clock::now();
  // Its last beat comes to be later than `start`: seen from a time by which any older one is stuck.
  EXPECT_TRUE(Eventually([&] {
    return heartbeats_.Stuck(start + milliseconds{500} + HeartbeatMonitor::kStuckAfter).empty();
  }));
  EXPECT_EQ(heartbeats_.Stuck(start + std::chrono::hours{1}), std::vector<std::string>{"page"});
}

TEST_F(PagePublisherTest, KeepsAPageThatIsBeingServed) {
  const PagePublisher publisher(board_, {}, heartbeats_);
  const auto page = publisher.Current();
  const std::string before = Text(*page);
  PublishReading(1);
  ASSERT_TRUE(Eventually([&] { return publisher.Current() != page; }));
  EXPECT_EQ(Text(*page), before);
}

TEST_F(PagePublisherTest, EndsAtOnceWhenItIsDestroyed) {
  const auto start = Clock::now();
  for (int i = 0; i < 5; ++i) PagePublisher(board_, {}, heartbeats_);
  EXPECT_LT(Clock::now() - start, seconds{30});
  EXPECT_TRUE(heartbeats_.Stuck(Clock::now() + std::chrono::hours{1}).empty());
}

}  // namespace
}  // namespace tidegauge
