// The described columns against the header: Project of reading.h.
#include <algorithm>
#include <optional>
#include <set>

#include "gauge/fault.h"
#include "gauge/reading.h"
#include "gauge/statement.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMostNamesListed = 10;

Failure Fail(const Query& query, Reason reason, const std::string& text) {
  return {reason, query.file + ": " + text, ""};
}

const Column* Find(const std::vector<Column>& columns, std::string_view name) {
  auto it = std::find_if(columns.begin(), columns.end(),
                         [&](const Column& column) { return column.name == name; });
  return it == columns.end() ? nullptr : &*it;
}

bool IsLabel(const Query& query, std::string_view name) {
  return std::any_of(query.labels.begin(), query.labels.end(),
                     [&](const Label& label) { return label.column == name; });
}

std::vector<std::string_view> NamesWithoutLabels(const Query& query,
                                                 const std::vector<Column>& columns) {
  std::vector<std::string_view> names;
  for (const Column& column : columns) {
    if (!IsLabel(query, column.name)) names.push_back(column.name);
  }
  return names;
}

// "'a', 'b' and 'c'", cut after ten.
std::string List(const std::vector<std::string_view>& names) {
  std::string text;
  const std::size_t listed = std::min(names.size(), kMostNamesListed);
  for (std::size_t i = 0; i < listed; ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += Quoted(names[i]);
  }
  if (listed < names.size()) text += " and " + std::to_string(names.size() - listed) + " more";
  return text;
}

std::string ResultColumns(const std::vector<Column>& columns) {
  if (columns.empty()) return "the result has no columns";
  std::vector<std::string_view> names;
  for (const Column& column : columns) names.push_back(column.name);
  return (names.size() == 1 ? "its column is " : "its columns are ") + List(names);
}

// The name as one would write it after AS.
std::string AsName(std::string_view name) {
  const bool plain =
      !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
  return " AS " + (plain ? std::string(name) : QuoteIdentifier(name));
}

// The value column of a gauge: the one it names, else `value`, else the only one that is no label.
std::variant<std::string, Failure> ValueColumn(const Query& query, const Gauge& gauge,
                                               const std::vector<Column>& columns) {
  const std::vector<std::string_view> names = NamesWithoutLabels(query, columns);
  if (!gauge.value.empty()) {
    if (IsLabel(query, gauge.value)) {
      return Fail(query, Reason::kColumns,
                  "column " + Quoted(gauge.value) +
                      " is a label and cannot be the value of gauge '" + gauge.name +
                      "' too; select it twice under two names");
    }
    if (Find(columns, gauge.value) == nullptr) {
      return Fail(query, Reason::kColumns,
                  "no column " + Quoted(gauge.value) + " for gauge '" + gauge.name +
                      "' in the result" + DidYouMean(gauge.value, names) + ": " +
                      ResultColumns(columns) + "; select it, or correct 'value:'");
    }
    return gauge.value;
  }
  if (std::find(names.begin(), names.end(), "value") != names.end()) return "value";
  if (names.size() == 1) return std::string(names.front());
  if (names.empty()) {
    return Fail(query, Reason::kColumns,
                "no column 'value' for gauge '" + gauge.name +
                    "' in the result: " + ResultColumns(columns) + "; select its number AS value");
  }
  return Fail(query, Reason::kColumns,
              "which column is the value of gauge '" + gauge.name + "'? " + List(names) +
                  " are no labels; select its number AS value, or name it with 'value:'");
}

// Fails where a column is there twice, or a label is not there.
std::optional<Failure> CheckLabels(const Query& query, const std::vector<Column>& columns) {
  std::set<std::string_view> seen;
  for (const Column& column : columns) {
    if (seen.insert(column.name).second) continue;
    return Fail(query, Reason::kColumns,
                "column " + Quoted(column.name) +
                    " is in the result twice; leave one out, or give it another name with AS");
  }
  for (const Label& label : query.labels) {
    if (Find(columns, label.column) != nullptr) continue;
    return Fail(query, Reason::kColumns,
                "no column " + Quoted(label.column) + " for the label of that name in the result" +
                    DidYouMean(label.column, NamesWithoutLabels(query, columns)) + ": " +
                    ResultColumns(columns) + "; select it, or take it out of 'labels:'");
  }
  return std::nullopt;
}

std::optional<Failure> CheckLabelType(const Query& query, const Column& column) {
  std::string cure;
  switch (column.type) {
    case ColumnType::kInteger:
    case ColumnType::kBoolean:
    case ColumnType::kText:
      return std::nullopt;
    case ColumnType::kTimestamp:
    case ColumnType::kDate:
    case ColumnType::kInterval:
      cure = "leave it out, or put it into a few classes: CASE WHEN … END" + AsName(column.name);
      break;
    case ColumnType::kNumeric:
    case ColumnType::kFloat:
      cure = "cast it, (…)::bigint" + AsName(column.name) +
             ", or put it into a few classes: CASE WHEN … END" + AsName(column.name);
      break;
    case ColumnType::kOther:
      cure = "select one text of it, or cast it: (…)::text" + AsName(column.name);
      break;
  }
  return Fail(query, Reason::kType,
              "label " + Quoted(column.name) + " is " + column.type_name +
                  ", and a label must be text, integer, boolean, enum or the like; " + cure);
}

std::optional<Failure> CheckValueType(const Query& query, const Column& column) {
  std::string cure;
  switch (column.type) {
    case ColumnType::kInteger:
    case ColumnType::kNumeric:
    case ColumnType::kFloat:
    case ColumnType::kBoolean:
      return std::nullopt;
    case ColumnType::kTimestamp:
    case ColumnType::kDate:
    case ColumnType::kInterval:
      cure = "write extract(epoch FROM …)" + AsName(column.name);
      break;
    case ColumnType::kText:
      cure = "count rows, or cast it: (…)::numeric" + AsName(column.name);
      break;
    case ColumnType::kOther:
      cure = "select a number of it, or cast it: (…)::numeric" + AsName(column.name);
      break;
  }
  return Fail(query, Reason::kType,
              "column " + Quoted(column.name) + " is " + column.type_name +
                  ", and a value must be a number or boolean; " + cure);
}

}  // namespace

std::variant<Projection, Failure> Project(const Query& query, const std::vector<Column>& columns) {
  if (auto failure = CheckLabels(query, columns)) return *failure;

  Projection projection;
  for (const Label& label : query.labels) projection.labels.push_back(*Find(columns, label.column));
  for (const Gauge& gauge : query.gauges) {
    auto found = ValueColumn(query, gauge, columns);
    if (auto* failure = std::get_if<Failure>(&found)) return *failure;
    const std::string& name = std::get<std::string>(found);
    const Column* known = Find(projection.values, name);
    projection.value_of_gauge.push_back(
        known != nullptr ? static_cast<std::size_t>(known - projection.values.data())
                         : projection.values.size());
    if (known == nullptr) projection.values.push_back(*Find(columns, name));
  }

  for (const Column& column : columns) {
    if (Find(projection.labels, column.name) || Find(projection.values, column.name)) continue;
    return Fail(query, Reason::kColumns,
                "column " + Quoted(column.name) +
                    " is neither a label nor a value; leave it out, or name it in the header");
  }
  for (const Column& column : projection.labels) {
    if (auto failure = CheckLabelType(query, column)) return *failure;
  }
  for (const Column& column : projection.values) {
    if (auto failure = CheckValueType(query, column)) return *failure;
  }
  return projection;
}

}  // namespace tidegauge
