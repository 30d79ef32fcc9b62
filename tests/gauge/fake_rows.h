// Rows from literals, and readings as text, for tests of the gauge room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gauge/reading.h"

namespace tidegauge::test {

using Cell = std::optional<std::string>;
using Cells = std::vector<std::vector<Cell>>;
inline const Cell kNullCell = std::nullopt;

inline constexpr std::uint32_t kTextOid = 25;
inline constexpr std::uint32_t kBigintOid = 20;

class FakeRows : public Rows {
 public:
  FakeRows(Cells cells, std::vector<std::uint32_t> oids)
      : cells_(std::move(cells)), oids_(std::move(oids)) {}
  std::size_t size() const override { return cells_.size(); }
  std::optional<std::string_view> Get(std::size_t row, std::size_t column) const override {
    const Cell& cell = cells_.at(row).at(column);
    if (!cell) return std::nullopt;
    return std::string_view(*cell);
  }
  std::uint32_t TypeOid(std::size_t column) const override { return oids_.at(column); }

 private:
  Cells cells_;
  std::vector<std::uint32_t> oids_;
};

inline Column MakeColumn(std::string name, ColumnType type) {
  switch (type) {
    case ColumnType::kInteger:
      return {std::move(name), type, "bigint", kBigintOid};
    case ColumnType::kNumeric:
      return {std::move(name), type, "numeric", 1700};
    case ColumnType::kFloat:
      return {std::move(name), type, "double precision", 701};
    case ColumnType::kBoolean:
      return {std::move(name), type, "boolean", 16};
    case ColumnType::kText:
      return {std::move(name), type, "text", kTextOid};
    case ColumnType::kTimestamp:
      return {std::move(name), type, "timestamp with time zone", 1184};
    case ColumnType::kDate:
      return {std::move(name), type, "date", 1082};
    case ColumnType::kInterval:
      return {std::move(name), type, "interval", 1186};
    case ColumnType::kOther:
      break;
  }
  return {std::move(name), ColumnType::kOther, "jsonb", 3802};
}

inline Label Closed(std::string column, std::vector<std::string> values) {
  return {std::move(column), true, std::move(values), 0};
}
inline Label Open(std::string column, std::size_t max) {
  return {std::move(column), false, {}, max};
}

// A query of one gauge, `items`, with a column `value`.
inline Query MakeQuery(std::vector<Label> labels) {
  Query query;
  query.name = "x";
  query.file = "queries/x.sql";
  query.statement = "SELECT 1 AS value";
  query.labels = std::move(labels);
  query.gauges.resize(1);
  query.gauges[0].name = "items";
  query.gauges[0].help = "Items.";
  return query;
}

// Label columns of text, then the value columns, each gauge its own.
inline Projection MakeProjection(const Query& query, ColumnType type = ColumnType::kInteger) {
  Projection projection;
  for (const Label& label : query.labels) {
    projection.labels.push_back(MakeColumn(label.column, ColumnType::kText));
  }
  for (const Gauge& gauge : query.gauges) {
    projection.value_of_gauge.push_back(projection.values.size());
    projection.values.push_back(MakeColumn(gauge.value.empty() ? "value" : gauge.value, type));
  }
  return projection;
}

inline FakeRows MakeRows(const Projection& projection, Cells cells) {
  std::vector<std::uint32_t> oids(projection.labels.size(), kTextOid);
  for (const Column& column : projection.values) oids.push_back(column.type_oid);
  return {std::move(cells), std::move(oids)};
}

// "draft/eu=1 other/eu=2 | …" for each gauge, then what is not zero of the counts.
inline std::string Show(const Reading& reading) {
  std::string text;
  for (const GaugeReading& gauge : reading.gauges) {
    if (&gauge != &reading.gauges.front()) text += "| ";
    for (const Series& series : gauge.series) {
      std::string labels;
      for (const std::string& label : series.labels) labels += (labels.empty() ? "" : "/") + label;
      std::string value = std::to_string(series.value);
      value.erase(value.find_last_not_of('0') + 1);
      if (value.back() == '.') value.pop_back();
      text += labels + "=" + value + " ";
    }
  }
  if (reading.folded_values) text += "folded " + std::to_string(reading.folded_values) + " ";
  if (reading.absent_values) text += "absent " + std::to_string(reading.absent_values) + " ";
  if (text.empty()) return "nothing";
  text.pop_back();
  return text;
}

inline std::string Show(const Failure& failure) {
  return std::string(ReasonName(failure.reason)) + ": " + failure.message;
}

inline std::string Show(const std::variant<Reading, Failure>& outcome) {
  return std::visit([](const auto& each) { return Show(each); }, outcome);
}

}  // namespace tidegauge::test
