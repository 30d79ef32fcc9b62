// How long pages take: made whole, after one publish, and beside prometheus-cpp's serializer on the
// same families (the ratio is the counter `times_ours`; theirs is without gzip, ours too there).
//
//   cmake -B build -DTIDEGAUGE_BENCH=ON && cmake --build build && build/bench/page_bench
#include <benchmark/benchmark.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exposition/page_builder.h"
#include "exposition/page_content.h"

namespace tidegauge {
namespace {

constexpr std::chrono::system_clock::time_point kNow{std::chrono::seconds{1767323045}};

std::optional<ProcessStats> NoProcess() { return std::nullopt; }

// `queries` queries of one gauge with `series` series each, all sampled.
BoardSnapshot MakeBoard(std::size_t queries, std::size_t series) {
  BoardSnapshot board;
  auto database = std::make_shared<DatabaseState>();
  database->name = "app";
  board.databases.push_back(std::move(database));
  for (std::size_t i = 0; i < queries; ++i) {
    const std::string number = std::to_string(100'000 + i);
    auto query = std::make_shared<Query>();
    query->name = "load/query_" + number;
    query->labels.emplace_back();
    query->labels.back().column = "status";
    query->gauges.emplace_back();
    query->gauges.back().name = "load_items_" + number;
    query->gauges.back().help = "Items of one kind by status.";
    auto reading = std::make_shared<Reading>();
    reading->time = kNow;
    reading->series = series;
    reading->gauges.emplace_back();
    for (std::size_t j = 0; j < series; ++j) {
      reading->gauges[0].series.push_back(
          {{"status_" + std::to_string(j)}, static_cast<double>(i * 31 + j * 7)});
    }
    auto target = std::make_shared<TargetState>();
    target->query = std::move(query);
    target->database = "app";
    target->reading = std::move(reading);
    target->up = target->tried = true;
    target->samples = 1;
    target->duration = std::chrono::microseconds{1'234 + i};
    board.targets.push_back(std::move(target));
  }
  return board;
}

BoardSnapshot BoardOf(const benchmark::State& state) {
  return MakeBoard(static_cast<std::size_t>(state.range(0)),
                   static_cast<std::size_t>(state.range(1)));
}

std::size_t Bytes(const Page& page, PageEncoding encoding) {
  std::size_t bytes = 0;
  for (const auto piece : page.Body(PageFormat::kText, encoding)) bytes += piece.size();
  return bytes;
}

// Both formats, plain and deflated.
void BM_WholePage(benchmark::State& state) {
  const BoardSnapshot board = BoardOf(state);
  std::shared_ptr<const Page> page;
  for (auto _ : state) page = PageBuilder({}, NoProcess).Build(board, kNow);
  state.counters["segments"] = static_cast<double>(page->segments().size());
  state.counters["bytes"] = static_cast<double>(Bytes(*page, PageEncoding::kIdentity));
  state.counters["gzip_bytes"] = static_cast<double>(Bytes(*page, PageEncoding::kGzip));
}
BENCHMARK(BM_WholePage)->Args({100, 10})->Args({10'000, 1})->Unit(benchmark::kMillisecond);

void BM_PublishOfOneQuery(benchmark::State& state) {
  BoardSnapshot board = BoardOf(state);
  PageBuilder builder({}, NoProcess);
  builder.Build(board, kNow);
  double value = 0;
  std::size_t at = 0;
  for (auto _ : state) {
    at = (at + 37) % board.targets.size();
    auto reading = std::make_shared<Reading>(*board.targets[at]->reading);
    for (auto& series : reading->gauges[0].series) series.value = value += 1;
    auto target = std::make_shared<TargetState>(*board.targets[at]);
    target->reading = std::move(reading);
    target->duration += std::chrono::microseconds{1};
    ++target->samples;
    board.targets[at] = std::move(target);
    benchmark::DoNotOptimize(builder.Build(board, kNow));
  }
}
BENCHMARK(BM_PublishOfOneQuery)->Args({100, 10})->Args({10'000, 1})->Unit(benchmark::kMillisecond);

// The gauges of the board as prometheus-cpp has them.
std::vector<prometheus::MetricFamily> Families(const BoardSnapshot& board) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& target : board.targets) {
    prometheus::MetricFamily family;
    family.name = target->query->gauges[0].name;
    family.help = target->query->gauges[0].help;
    family.type = prometheus::MetricType::Gauge;
    for (const Series& series : target->reading->gauges[0].series) {
      prometheus::ClientMetric metric;
      metric.label = {{"database", target->database}, {"status", series.labels[0]}};
      metric.gauge.value = series.value;
      family.metric.push_back(std::move(metric));
    }
    families.push_back(std::move(family));
  }
  return families;
}

// The same families as text, ours and theirs, one after the other.
void BM_TextBesidePrometheusCpp(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  const BoardSnapshot board = BoardOf(state);
  const auto families = Families(board);
  const prometheus::TextSerializer serializer;
  const PageContent content({}, "", "", board);
  PageValues values;
  values.snapshot = &board;
  values.served.assign(board.targets.size(), true);
  const std::size_t gauge_cells = 2 * board.targets.size();  // a header and a cell each
  Clock::duration ours{}, theirs{};
  for (auto _ : state) {
    const auto start = Clock::now();
    std::string text;
    content.Append(values, 0, gauge_cells, text, nullptr);
    benchmark::DoNotOptimize(text);
    const auto middle = Clock::now();
    benchmark::DoNotOptimize(serializer.Serialize(families));
    ours += middle - start;
    theirs += Clock::now() - middle;
  }
  state.counters["times_ours"] =
      static_cast<double>(theirs.count()) / static_cast<double>(ours.count());
}
BENCHMARK(BM_TextBesidePrometheusCpp)
    ->Args({100, 10})
    ->Args({10'000, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidegauge

BENCHMARK_MAIN();
