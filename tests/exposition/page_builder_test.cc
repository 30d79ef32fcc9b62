#include "exposition/page_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "exposition/boards.h"

namespace tidegauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

// Replaces a target's state by a changed copy, as a board does.
template <typename Change>
void Update(BoardSnapshot& board, std::size_t target, Change change) {
  auto next = std::make_shared<TargetState>(*board.targets[target]);
  change(*next);
  board.targets[target] = std::move(next);
}

void PublishValue(BoardSnapshot& board, std::size_t target, double value,
                  std::chrono::system_clock::time_point time = kNow) {
  Update(board, target, [&](TargetState& state) {
    auto reading = std::make_shared<Reading>(*state.reading);
    reading->time = time;
    for (auto& gauge : reading->gauges) {
      for (auto& series : gauge.series) series.value = value;
    }
    state.reading = std::move(reading);
    ++state.samples;
  });
}

std::size_t Reused(const Page& before, const Page& after) {
  if (before.segments().size() != after.segments().size()) return 0;
  std::size_t reused = 0;
  for (std::size_t i = 0; i < before.segments().size(); ++i) {
    reused += before.segments()[i] == after.segments()[i];
  }
  return reused;
}

void ExpectBounds(const Page& page) {
  const auto& segments = page.segments();
  ASSERT_LE(segments.size(), kMaxSegments);
  for (const auto& segment : segments) {
    for (const PageBytes* bytes : {segment->text.get(), segment->openmetrics.get()}) {
      EXPECT_GE(bytes->plain.size(), segments.size() > 1 ? kMinSegmentBytes : 1);
      ASSERT_FALSE(bytes->plain.empty());
      EXPECT_EQ(bytes->plain.back(), '\n') << "segments hold whole lines";
    }
  }
}

TEST(PageBuilderTest, OrdersFamiliesAndLines) {
  const auto b = MakeQuery("b", {"zebra_items", "ant_items"});
  const auto a_app = MakeQuery("a", {"middle_items"});
  const auto z_eu = MakeQuery("z", {"middle_items"});
  z_eu->gauges[0].help = a_app->gauges[0].help;
  z_eu->every = minutes{5};
  BoardSnapshot board;
  for (const auto& [query, database] : std::vector<std::pair<std::shared_ptr<Query>, std::string>>{
           {a_app, "app"}, {a_app, "beta"}, {b, "app"}, {z_eu, "eu"}}) {
    auto target = MakeTarget(query, database);
    target->reading = MakeReading(*query, {{{}, 1}});
    board.targets.push_back(target);
  }
  PageBuilder builder({}, FixedProcess);
  const std::string text = Text(*builder.Build(board, kNow));

  Lines families;
  for (const std::string& line : LinesOf(text, "# TYPE ")) {
    families.push_back(line.substr(7, line.find(' ', 7) - 7));
  }
  EXPECT_EQ((Lines{families.begin(), families.begin() + 4}),
            (Lines{"ant_items", "middle_items", "zebra_items", "tidegauge_build_info"}));
  EXPECT_EQ(std::set<std::string>(families.begin(), families.end()).size(), families.size())
      << "no family stands twice";
  const auto process = std::find_if(families.begin(), families.end(), [](const std::string& name) {
    return name.starts_with("process_");
  });
  EXPECT_TRUE(std::all_of(process, families.end(),
                          [](const std::string& name) { return name.starts_with("process_"); }));
  EXPECT_EQ(LinesOf(text, "middle_items"),
            (Lines{"middle_items{database=\"app\"} 1", "middle_items{database=\"beta\"} 1",
                   "middle_items{database=\"eu\"} 1"}));
  EXPECT_EQ(LinesOf(text, "# HELP middle_items"),
            (Lines{"# HELP middle_items Help of middle_items. (a.sql, every 1m)"}));
}

TEST(PageBuilderTest, OpenMetricsEndsWithEofAndTextDoesNot) {
  for (const ProcessSource source : {FixedProcess, NoProcess}) {
    PageBuilder builder({}, source);
    const auto page = builder.Build(LargeBoard(3, 2), kNow);
    EXPECT_TRUE(Text(*page, PageFormat::kOpenMetrics).ends_with("\n# EOF\n"));
    EXPECT_EQ(Text(*page).find("# EOF"), std::string::npos);
  }
}

TEST(PageBuilderTest, LeavesOutProcessMetricsThatCannotBeRead) {
  PageBuilder builder({}, NoProcess);
  EXPECT_EQ(Text(*builder.Build(LargeBoard(1, 1), kNow)).find("process_"), std::string::npos);
}

TEST(PageBuilderTest, MakesAPageOfAnEmptyBoard) {
  PageBuilder builder({{}, "1", "2"}, FixedProcess);
  const auto page = builder.Build({}, kNow);
  EXPECT_EQ(LinesOf(Text(*page), "tidegauge_build_info"),
            (Lines{"tidegauge_build_info{version=\"1\",revision=\"2\"} 1"}));
  EXPECT_EQ(Gunzip(Gzip(*page)), Text(*page));
  EXPECT_FALSE(builder.NextExpiry().has_value());
}

TEST(PageBuilderTest, SampleLinesAreTheSameInBothFormats) {
  PageBuilder builder({}, FixedProcess);
  const auto page = builder.Build(LargeBoard(50, 10), kNow);
  const auto samples = [](const std::string& text) {
    Lines lines = LinesOf(text, "");
    std::erase_if(lines, [](const std::string& line) { return line.empty() || line[0] == '#'; });
    return lines;
  };
  EXPECT_EQ(samples(Text(*page)), samples(Text(*page, PageFormat::kOpenMetrics)));
}

TEST(PageBuilderTest, FormatsShareSegmentsWithoutHeaders) {
  PageBuilder builder({}, FixedProcess);
  const auto page = builder.Build(LargeBoard(5'000, 1), kNow);
  std::size_t shared = 0;
  for (const auto& segment : page->segments()) {
    EXPECT_EQ(segment->text == segment->openmetrics,
              segment->text->plain.find("# TYPE ") == std::string::npos);
    shared += segment->text == segment->openmetrics;
  }
  EXPECT_GT(shared, page->segments().size() / 3);
}

TEST(PageBuilderTest, StopsServingAReadingAfterKeepFor) {
  BoardSnapshot board = LargeBoard(2, 3);
  PublishValue(board, 1, 5, kNow - minutes{1});  // keep_for is three minutes
  Update(board, 1, [](TargetState& state) {
    state.up = false;
    auto reading = std::make_shared<Reading>(*state.reading);
    reading->folded_values = 2;
    state.reading = reading;
  });
  PageBuilder builder({}, FixedProcess);
  auto page = builder.Build(board, kNow);
  const auto expiry = kNow + minutes{2};
  ASSERT_TRUE(builder.NextExpiry().has_value());
  EXPECT_GT(*builder.NextExpiry(), expiry);
  EXPECT_LE(*builder.NextExpiry(), expiry + milliseconds{1});

  page = builder.Build(board, expiry);
  EXPECT_EQ(LinesOf(Text(*page), "load_items_00001").size(), 3U) << "to the last moment";

  page = builder.Build(board, *builder.NextExpiry());
  const std::string text = Text(*page);
  const std::string labels = "{database=\"app\",query=\"load/query_00001\"} ";
  EXPECT_TRUE(LinesOf(text, "load_items_00001").empty());
  EXPECT_EQ(LinesOf(text, "load_items_00000").size(), 3U);
  EXPECT_EQ(LinesOf(text, "# TYPE load_items_00001").size(), 1U);
  EXPECT_EQ(LinesOf(text, "tidegauge_query_series" + labels),
            (Lines{"tidegauge_query_series" + labels + "0"}));
  EXPECT_EQ(LinesOf(text, "tidegauge_query_up" + labels),
            (Lines{"tidegauge_query_up" + labels + "0"}));
  EXPECT_EQ(LinesOf(text, "tidegauge_query_last_success_timestamp_seconds" + labels),
            (Lines{"tidegauge_query_last_success_timestamp_seconds" + labels + "1767322985"}));
  EXPECT_EQ(LinesOf(text, "tidegauge_query_folded_values" + labels),
            (Lines{"tidegauge_query_folded_values" + labels + "2"}));
  EXPECT_EQ(*builder.NextExpiry(), kNow + minutes{3} + std::chrono::system_clock::duration(1));

  page = builder.Build(board, kNow);
  EXPECT_EQ(LinesOf(Text(*page), "load_items_00001").size(), 3U) << "a clock that was set back";
}

TEST(PageBuilderTest, TouchesOnlyTheSegmentsOfWhatWasPublished) {
  BoardSnapshot board = LargeBoard(1'000, 10);
  PageBuilder builder({}, FixedProcess);
  auto before = builder.Build(board, kNow);
  ExpectBounds(*before);
  ASSERT_GT(before->segments().size(), 40U);

  PublishValue(board, 500, 42);
  auto after = builder.Build(board, kNow);
  ASSERT_EQ(after->segments().size(), before->segments().size());
  // Its gauge and tidegauge_query_samples_total; every other line reads as it did.
  EXPECT_EQ(Reused(*before, *after), before->segments().size() - 2);

  auto database = std::make_shared<DatabaseState>(*board.databases[0]);
  database->connections = 2;
  board.databases[0] = database;
  before = after;
  after = builder.Build(board, kNow);
  EXPECT_EQ(Reused(*before, *after), before->segments().size() - 1);

  board.reload.last_success = kNow + seconds{1};
  before = after;
  after = builder.Build(board, kNow);
  EXPECT_EQ(Reused(*before, *after), before->segments().size() - 1);
}

TEST(PageBuilderTest, GivesTheSamePageWhereNothingChanged) {
  BoardSnapshot board = LargeBoard(100, 10);
  PageBuilder builder({}, FixedProcess);
  const auto page = builder.Build(board, kNow);
  ++board.version;
  EXPECT_EQ(builder.Build(board, kNow), page);
  // The same values in new objects, and process metrics that were read again and are the same.
  for (std::size_t i = 0; i < board.targets.size(); ++i) Update(board, i, [](TargetState&) {});
  EXPECT_EQ(builder.Build(board, kNow + seconds{60}), page);
}

TEST(PageBuilderTest, ReadsProcessMetricsAgainIntoTheLastSegmentAlone) {
  int reads = 0;
  const auto source = [&reads] {
    auto stats = FixedProcess();
    stats->open_fds = static_cast<std::uint64_t>(100 + ++reads);
    return stats;
  };
  const BoardSnapshot board = LargeBoard(100, 10);
  PageBuilder builder({}, source);
  const auto first = builder.Build(board, kNow);
  EXPECT_EQ(LinesOf(Text(*first), "process_open_fds"), Lines{"process_open_fds 101"});
  EXPECT_EQ(builder.Build(board, kNow + kProcessMetricsAge - nanoseconds{1}), first);

  const auto second = builder.Build(board, kNow + kProcessMetricsAge);
  EXPECT_EQ(LinesOf(Text(*second), "process_open_fds"), Lines{"process_open_fds 102"});
  EXPECT_EQ(Reused(*first, *second), first->segments().size() - 1);
  EXPECT_NE(first->segments().back(), second->segments().back());

  builder.Build(board, kNow - seconds{10});
  EXPECT_EQ(reads, 3) << "a clock that was set back must not stop the reading";
}

TEST(PageBuilderTest, CutsAnewWhenThePageOutgrowsItsSegments) {
  BoardSnapshot full = LargeBoard(200, 50);
  BoardSnapshot board = full;
  for (std::size_t i = 0; i < board.targets.size(); ++i) {
    Update(board, i, [](TargetState& state) { state.reading = nullptr; });
  }
  PageBuilder builder({}, FixedProcess);
  const std::size_t few = builder.Build(board, kNow)->segments().size();
  std::shared_ptr<const Page> page;
  for (std::size_t i = 0; i < full.targets.size(); ++i) {
    board.targets[i] = full.targets[i];
    page = builder.Build(board, kNow);
    ExpectBounds(*page);
  }
  EXPECT_GT(page->segments().size(), 2 * few);
  EXPECT_EQ(Text(*page), Text(*PageBuilder({}, FixedProcess).Build(full, kNow)));

  // And back, when every reading is too old.
  page = builder.Build(board, kNow + minutes{4});
  ExpectBounds(*page);
  EXPECT_EQ(Text(*page), Text(*PageBuilder({}, FixedProcess).Build(board, kNow + minutes{4})));
}

TEST(PageBuilderTest, FollowsQueriesThatComeAndGo) {
  const BoardSnapshot all = LargeBoard(30, 4);
  BoardSnapshot some = all;
  some.targets.erase(some.targets.begin() + 10, some.targets.begin() + 20);
  PageBuilder builder({}, FixedProcess);
  for (const auto& board : std::vector<BoardSnapshot>{all, some, all}) {
    EXPECT_EQ(Text(*builder.Build(board, kNow)),
              Text(*PageBuilder({}, FixedProcess).Build(board, kNow)));
  }
  BoardSnapshot renamed = all;
  renamed.databases = {MakeDatabase("app"), MakeDatabase("eu")};
  EXPECT_EQ(LinesOf(Text(*builder.Build(renamed, kNow)), "tidegauge_database_up").size(), 2U);
}

TEST(PageBuilderTest, HoldsTenThousandQueriesWhole) {
  const BoardSnapshot board = LargeBoard(10'000, 1);
  PageBuilder builder({}, FixedProcess);
  const auto page = builder.Build(board, kNow);
  ExpectBounds(*page);
  EXPECT_GT(page->segments().size(), 100U);
  const std::string text = Text(*page);
  EXPECT_EQ(LinesOf(text, "load_items_").size(), 10'000U);
  EXPECT_EQ(LinesOf(text, "tidegauge_query_up{").size(), 10'000U);
  EXPECT_EQ(Gunzip(Gzip(*page)), text);
  EXPECT_EQ(Gunzip(Gzip(*page, PageFormat::kOpenMetrics)), Text(*page, PageFormat::kOpenMetrics));
}

TEST(PageBuilderTest, HoldsOneReadingThatIsLargerThanASegment) {
  BoardSnapshot board = LargeBoard(3, 10'000);
  PageBuilder builder({}, FixedProcess);
  auto page = builder.Build(board, kNow);
  ExpectBounds(*page);
  for (int i = 0; i < 3; ++i) {
    PublishValue(board, 1, i);
    const auto next = builder.Build(board, kNow);
    ASSERT_EQ(next->segments().size(), page->segments().size());
    EXPECT_GE(Reused(*page, *next), 1U);
    page = next;
  }
  EXPECT_EQ(LinesOf(Text(*page), "load_items_").size(), 30'000U);
}

// Whatever happens to a board, the page made step by step is the one made afresh.
TEST(PageBuilderTest, StepByStepEqualsAfresh) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const BoardSnapshot all = LargeBoard(60, 30);
    BoardSnapshot board = all;
    auto now = kNow;
    PageBuilder builder({{{"environment", "dev"}}, "1", "2"}, FixedProcess);
    for (int step = 0; step < 150; ++step) {
      for (std::size_t i = below(4); i > 0; --i) {
        const std::size_t target = below(board.targets.size());
        switch (below(6)) {
          case 0:
            if (board.targets[target]->reading) PublishValue(board, target, random(), now);
            break;
          case 1:
            Update(board, target, [&](TargetState& state) {
              std::vector<Series> series;
              for (std::size_t s = below(200); s > 0; --s) {
                series.push_back({{"s" + std::to_string(s)}, static_cast<double>(s)});
              }
              state.reading = MakeReading(*state.query, series, now);
              state.up = true;
            });
            break;
          case 2:
            Update(board, target, [&](TargetState& state) {
              state.up = false;
              ++state.failures;
            });
            break;
          case 3: {
            auto database = std::make_shared<DatabaseState>(*board.databases[0]);
            ++database->failures[below(kReasonCount)];
            board.databases[0] = std::move(database);
            break;
          }
          case 4:
            board.reload = {below(2) == 0, now, ""};
            break;
          case 5:
            now += seconds{below(60)};
            break;
        }
      }
      if (below(40) == 0) {
        board.targets = all.targets;
        board.targets.resize(1 + below(all.targets.size()));
      }
      const auto page = builder.Build(board, now);
      PageBuilder fresh({{{"environment", "dev"}}, "1", "2"}, FixedProcess);
      const auto expected = fresh.Build(board, now);
      ExpectBounds(*page);
      for (const PageFormat format : {PageFormat::kText, PageFormat::kOpenMetrics}) {
        ASSERT_EQ(Text(*page, format), Text(*expected, format)) << seed << ", " << step;
        ASSERT_EQ(Gunzip(Gzip(*page, format)), Text(*page, format)) << seed << ", " << step;
      }
      ASSERT_EQ(builder.NextExpiry(), fresh.NextExpiry());
    }
  }
}

}  // namespace
}  // namespace tidegauge
