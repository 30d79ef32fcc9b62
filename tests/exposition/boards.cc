#include "exposition/boards.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <utility>

namespace tidegauge {

std::shared_ptr<Query> MakeQuery(std::string name, const std::vector<std::string>& gauges,
                                 const std::vector<std::string>& labels) {
  auto query = std::make_shared<Query>();
  query->name = std::move(name);
  query->file = "queries/" + query->name + ".sql";
  for (const std::string& gauge : gauges) {
    query->gauges.emplace_back();
    query->gauges.back().name = gauge;
    query->gauges.back().help = "Help of " + gauge + ".";
  }
  for (const std::string& label : labels) {
    query->labels.emplace_back();
    query->labels.back().column = label;
  }
  return query;
}

std::shared_ptr<Reading> MakeReading(const Query& query, const std::vector<Series>& series,
                                     std::chrono::system_clock::time_point time) {
  auto reading = std::make_shared<Reading>();
  reading->time = time;
  reading->gauges.assign(query.gauges.size(), GaugeReading{series});
  reading->rows = series.size();
  reading->series = series.size() * query.gauges.size();
  return reading;
}

std::shared_ptr<TargetState> MakeTarget(std::shared_ptr<const Query> query, std::string database) {
  auto state = std::make_shared<TargetState>();
  state->query = std::move(query);
  state->database = std::move(database);
  return state;
}

std::shared_ptr<DatabaseState> MakeDatabase(std::string name) {
  auto state = std::make_shared<DatabaseState>();
  state->name = std::move(name);
  return state;
}

BoardSnapshot LargeBoard(std::size_t queries, std::size_t series) {
  BoardSnapshot board;
  board.databases.push_back(MakeDatabase());
  for (std::size_t i = 0; i < queries; ++i) {
    std::string number = std::to_string(i);
    number.insert(0, 5 - number.size(), '0');
    const auto query = MakeQuery("load/query_" + number, {"load_items_" + number}, {"status"});
    auto target = MakeTarget(query);
    std::vector<Series> lines;
    for (std::size_t j = 0; j < series; ++j) {
      lines.push_back({{"status_" + std::to_string(j)}, static_cast<double>(i * 31 + j * 7)});
    }
    target->reading = MakeReading(*query, lines);
    target->up = target->tried = true;
    target->samples = 1;
    target->duration = std::chrono::microseconds{1234 + i};
    board.targets.push_back(std::move(target));
  }
  return board;
}

std::optional<ProcessStats> FixedProcess() {
  return ProcessStats{.cpu_seconds = 1.25,
                      .start_time = 1767300000.5,
                      .resident_bytes = 12'345'678,
                      .virtual_bytes = 123'456'789,
                      .open_fds = 17,
                      .max_fds = 1024,
                      .threads = 9};
}

std::optional<ProcessStats> NoProcess() { return std::nullopt; }

std::string Text(const Page& page, PageFormat format) {
  std::string text;
  for (const std::string_view piece : page.Body(format, PageEncoding::kIdentity)) text += piece;
  return text;
}

std::string Gzip(const Page& page, PageFormat format) {
  std::string gzip;
  for (const std::string_view piece : page.Body(format, PageEncoding::kGzip)) gzip += piece;
  return gzip;
}

std::string Gunzip(std::string_view gzip) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);  // gzip only
  std::string input(gzip);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    char buffer[65536];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END) << (stream.msg != nullptr ? stream.msg : "truncated");
  EXPECT_EQ(stream.avail_in, 0U) << "bytes behind the stream's end";
  inflateEnd(&stream);
  return out;
}

std::vector<std::string> LinesOf(std::string_view text, std::string_view prefix) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (const auto line = text.substr(0, end); line.starts_with(prefix)) lines.emplace_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace tidegauge
