#include "commands/readings_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "exposition/number.h"

namespace tidegauge {
namespace {

constexpr std::size_t kColumns = 4;
using Line = std::array<std::string, kColumns>;

std::string Printable(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      out += c;
      continue;
    }
    std::array<char, 5> escaped;
    std::snprintf(escaped.data(), escaped.size(), "\\x%02x", byte);
    out += escaped.data();
  }
  return out;
}

std::string Labels(const Query& query, const Series& series) {
  std::string out;
  for (std::size_t i = 0; i < series.labels.size(); ++i) {
    out += (i == 0 ? "" : " ") + query.labels[i].column + "=" + Printable(series.labels[i]);
  }
  return out;
}

void AddLines(const TargetState& state, std::vector<Line>& lines) {
  const Query& query = *state.query;
  for (std::size_t g = 0; g < query.gauges.size(); ++g) {
    const std::string& name = query.gauges[g].name;
    if (!state.up) {
      lines.push_back(
          {name, state.database, "", "failed: " + std::string(ReasonName(state.failure->reason))});
      continue;
    }
    const auto& series = state.reading->gauges[g].series;
    if (series.empty()) lines.push_back({name, state.database, "", "absent"});
    for (const Series& one : series) {
      std::string value;
      AppendNumber(value, one.value);
      lines.push_back({name, state.database, Labels(query, one), value});
    }
  }
}

}  // namespace

std::string ReadingsTable(const BoardSnapshot& snapshot) {
  std::vector<Line> lines = {{"GAUGE", "DATABASE", "LABELS", "VALUE"}};
  for (const auto& state : snapshot.targets) {
    if (state->tried) AddLines(*state, lines);
  }
  std::array<std::size_t, kColumns> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string out;
  for (const Line& line : lines) {
    for (std::size_t i = 0; i + 1 < kColumns; ++i) {
      out += line[i];
      out.append(widths[i] - line[i].size() + 2, ' ');
    }
    out += line.back() + '\n';
  }
  return out;
}

}  // namespace tidegauge
