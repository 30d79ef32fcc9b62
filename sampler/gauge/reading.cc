#include "gauge/reading.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "gauge/expected.h"
#include "gauge/label_values.h"
#include "gauge/open_set.h"
#include "gauge/tuples.h"
#include "gauge/value_columns.h"

namespace tidegauge {
namespace {

// Rows that are one series: a run of ReadingMaker::order_.
struct Group {
  std::size_t begin;
  std::size_t end;
};

// Makes one reading; the steps are called in their order, each once. Whatever a step adds up, it
// goes through the rows by their labels: the same rows in another order give the same reading.
class ReadingMaker {
 public:
  ReadingMaker(const Query& query, const Projection& projection, const Rows& rows,
               std::vector<std::vector<double>> numbers)
      : query_(query),
        projection_(projection),
        rows_(rows),
        numbers_(std::move(numbers)),
        row_labels_(query.labels.size(), rows.size()),
        group_series_(query.labels.size()) {}

  std::optional<Failure> ReadLabels();
  void ChooseSlots(const std::vector<std::vector<std::string>>& previous_members);
  std::optional<Failure> FoldRows();
  std::optional<Failure> CombineRows();
  std::optional<Failure> CheckSeries(const Expected& expected, std::size_t max_rows) const;
  std::variant<Reading, Failure> Make(std::size_t max_rows) const;

 private:
  Failure Fail(Reason reason, const std::string& text) const {
    return {reason, query_.file + ": " + text, ""};
  }
  double Number(std::size_t gauge, std::size_t row) const {
    return numbers_[projection_.value_of_gauge[gauge]][row];
  }
  std::optional<Failure> CheckNoFolding(const Gauge& gauge) const;
  bool ZeroFills() const;
  bool HasOther(std::span<const std::uint32_t> series) const;
  GaugeReading MakeGauge(std::size_t gauge, const Tuples& series,
                         const std::vector<std::uint32_t>& order) const;

  const Query& query_;
  const Projection& projection_;
  const Rows& rows_;
  const std::vector<std::vector<double>> numbers_;  // by value column and row

  std::vector<LabelValues> values_;   // by label
  Tuples row_labels_;                 // by row: numbers of values_, once folded of slots_' names
  std::vector<std::uint32_t> order_;  // rows by their labels, once folded by their series
  std::vector<Slots> slots_;          // by label
  std::vector<Group> groups_;
  Tuples group_series_;                             // by group
  std::vector<std::vector<double>> group_numbers_;  // by gauge and group; NULL: no series
  std::size_t nulls_left_out_ = 0;
};

std::optional<Failure> ReadingMaker::ReadLabels() {
  for (std::size_t label = 0; label < query_.labels.size(); ++label) {
    values_.push_back(ReadLabelValues(rows_, label, row_labels_));
    if (auto failure = CheckLabelValues(query_, query_.labels[label], values_[label])) {
      return failure;
    }
  }
  order_ = row_labels_.Order();
  for (std::size_t i = 1; i < order_.size(); ++i) {
    if (!row_labels_.Equal(order_[i - 1], order_[i])) continue;
    if (query_.labels.empty()) {
      return Fail(Reason::kDuplicate, "the query has no labels and gave " +
                                          std::to_string(rows_.size()) +
                                          " rows; make it one row, or name the columns that tell "
                                          "them apart under 'labels:'");
    }
    std::string names;
    for (const Label& label : query_.labels) names += (names.empty() ? "" : ", ") + label.column;
    return Fail(Reason::kDuplicate, "two rows have the same labels (" + names + "); GROUP BY " +
                                        names + ", or add the column that tells them apart");
  }
  return std::nullopt;
}

void ReadingMaker::ChooseSlots(const std::vector<std::vector<std::string>>& previous_members) {
  static const std::vector<std::string> kNoMembers;
  for (std::size_t i = 0; i < query_.labels.size(); ++i) {
    const Label& label = query_.labels[i];
    if (label.closed) {
      slots_.push_back(MakeClosedSlots(label, values_[i]));
      continue;
    }
    std::vector<double> totals(values_[i].size());
    for (const std::uint32_t row : order_) {
      const double number = Number(0, row);
      double& total = totals[row_labels_[row][i]];
      if (!IsNull(number)) total = AddFinite(total, number);
    }
    slots_.push_back(MakeOpenSlots(label, query_.identifiers, values_[i], totals,
                                   i < previous_members.size() ? previous_members[i] : kNoMembers));
  }
}

std::optional<Failure> ReadingMaker::FoldRows() {
  for (std::size_t row = 0; row < row_labels_.size(); ++row) {
    const auto tuple = row_labels_[row];
    for (std::size_t i = 0; i < tuple.size(); ++i) tuple[i] = slots_[i].of_value[tuple[i]];
  }
  row_labels_.Sort(order_);
  for (std::size_t begin = 0, end = 0; begin < order_.size(); begin = end) {
    while (end < order_.size() && row_labels_.Equal(order_[begin], order_[end])) ++end;
    groups_.push_back({begin, end});
    group_series_.Add(row_labels_[order_[begin]]);
  }
  for (const Gauge& gauge : query_.gauges) {
    if (gauge.combine != Combine::kNone) continue;
    if (auto failure = CheckNoFolding(gauge)) return failure;
  }
  return std::nullopt;
}

std::optional<Failure> ReadingMaker::CheckNoFolding(const Gauge& gauge) const {
  const std::string forbidden = ", which gauge '" + gauge.name + "' forbids with 'combine: none'; ";
  const std::string cure = ", or set 'combine: max' or 'combine: min'";
  for (std::size_t i = 0; i < query_.labels.size(); ++i) {
    const std::size_t folded = slots_[i].folded;
    if (folded == 0) continue;
    const bool closed = query_.labels[i].closed;
    return Fail(Reason::kLabelValue,
                std::to_string(folded) + (folded == 1 ? " value" : " values") + " of label '" +
                    query_.labels[i].column + "' would fold into other (" +
                    (closed ? "not in its list" : "beyond its 'max', or identifiers") + ")" +
                    forbidden + (closed ? "extend the list" : "raise 'max'") + cure);
  }
  for (const Group& group : groups_) {
    if (group.end - group.begin == 1) continue;
    return Fail(Reason::kLabelValue,
                "rows with NULL, '' or 'unknown' in a label would become one series" + forbidden +
                    "group by coalesce(nullif(…, ''), 'unknown')" + cure);
  }
  return std::nullopt;
}

std::optional<Failure> ReadingMaker::CombineRows() {
  for (std::size_t g = 0; g < query_.gauges.size(); ++g) {
    const Gauge& gauge = query_.gauges[g];
    std::vector<double>& combined = group_numbers_.emplace_back();
    combined.reserve(groups_.size());
    for (const Group& group : groups_) {
      double result = kNullNumber;
      for (std::size_t i = group.begin; i < group.end; ++i) {
        const double number = Number(g, order_[i]);
        if (IsNull(number)) {
          nulls_left_out_ += gauge.nulls == Nulls::kAbsent ? 1 : 0;
        } else if (IsNull(result)) {
          result = number;
        } else if (gauge.combine == Combine::kMax) {
          result = std::max(result, number);
        } else if (gauge.combine == Combine::kMin) {
          result = std::min(result, number);
        } else {
          result += number;
        }
      }
      if (IsNull(result) && gauge.nulls == Nulls::kZero) result = 0;
      if (std::isinf(result)) {
        return Fail(Reason::kType, "gauge '" + gauge.name +
                                       "' adds up to more than a double holds; scale column '" +
                                       projection_.values[projection_.value_of_gauge[g]].name +
                                       "' down, or set 'combine: max'");
      }
      combined.push_back(result);
    }
  }
  return std::nullopt;
}

std::optional<Failure> ReadingMaker::CheckSeries(const Expected& expected,
                                                 std::size_t max_rows) const {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  std::size_t counted = 0;
  for (std::size_t g = 0; g < query_.gauges.size(); ++g) {
    std::size_t with_number = 0;
    std::size_t null = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (!HasOther(group_series_[i])) ++(IsNull(group_numbers_[g][i]) ? null : with_number);
    }
    const bool zero = query_.gauges[g].missing == Missing::kZero;
    const std::size_t series = zero ? expected.counted() - null : with_number;
    counted = series > kMost - counted ? kMost : counted + series;
  }
  if (counted > query_.max_series) {
    const auto open = std::find_if(query_.labels.begin(), query_.labels.end(),
                                   [](const Label& label) { return !label.closed; });
    return Fail(Reason::kTooManySeries,
                std::to_string(counted) + " series, more than its 'max_series' of " +
                    std::to_string(query_.max_series) + "; " +
                    (open != query_.labels.end() ? "lower 'max' of label '" + open->column + "'"
                                                 : "shorten its lists of label values") +
                    ", or raise 'max_series'");
  }
  // `other` does not count, but nothing is without a bound: rows fold into as many series as there
  // are rows at most, and the zeros of a listed `other` may be no more.
  const std::size_t others = expected.size() - expected.counted();
  if (ZeroFills() && others > max_rows) {
    return Fail(Reason::kTooManySeries,
                std::to_string(others) +
                    " series of a listed 'other' to fill with zeros; take 'other' out of the list");
  }
  return std::nullopt;
}

bool ReadingMaker::ZeroFills() const {
  return std::any_of(query_.gauges.begin(), query_.gauges.end(),
                     [](const Gauge& gauge) { return gauge.missing == Missing::kZero; });
}

bool ReadingMaker::HasOther(std::span<const std::uint32_t> series) const {
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (slots_[i].names[series[i]] == kOther) return true;
  }
  return false;
}

std::variant<Reading, Failure> ReadingMaker::Make(std::size_t max_rows) const {
  const Expected expected(query_, slots_, group_series_);
  if (auto failure = CheckSeries(expected, max_rows)) return std::move(*failure);
  Tuples series = group_series_;
  if (ZeroFills() && expected.without_row() > 0) expected.AddTo(series);
  const std::vector<std::uint32_t> order = series.Order();

  Reading reading;
  reading.rows = rows_.size();
  reading.absent_values = nulls_left_out_;
  for (std::size_t g = 0; g < query_.gauges.size(); ++g) {
    reading.gauges.push_back(MakeGauge(g, series, order));
    reading.series += reading.gauges.back().series.size();
    if (query_.gauges[g].missing == Missing::kAbsent) {
      reading.absent_values += expected.without_row();
    }
  }
  for (std::size_t i = 0; i < query_.labels.size(); ++i) {
    reading.folded_values += slots_[i].folded;
    auto& members = reading.members.emplace_back();
    if (query_.labels[i].closed) continue;
    members.assign(slots_[i].names.begin(),
                   slots_[i].names.begin() + static_cast<std::ptrdiff_t>(slots_[i].expected));
  }
  return reading;
}

// `series` are those of the groups, then what is expected; `order` sorts them.
GaugeReading ReadingMaker::MakeGauge(std::size_t gauge, const Tuples& series,
                                     const std::vector<std::uint32_t>& order) const {
  const bool zero = query_.gauges[gauge].missing == Missing::kZero;
  GaugeReading result;
  for (std::size_t i = 0; i < order.size(); ++i) {
    // Equal ones keep their order: what a row gave stands before the same one expected.
    if (i > 0 && series.Equal(order[i - 1], order[i])) continue;
    const bool has_row = order[i] < groups_.size();
    const double value = has_row ? group_numbers_[gauge][order[i]] : zero ? 0 : kNullNumber;
    if (IsNull(value)) continue;
    Series& one = result.series.emplace_back();
    const auto tuple = series[order[i]];
    one.labels.reserve(tuple.size());
    for (std::size_t k = 0; k < tuple.size(); ++k) one.labels.push_back(slots_[k].names[tuple[k]]);
    one.value = value;
  }
  result.series.shrink_to_fit();  // a reading lives long
  return result;
}

}  // namespace

std::variant<Reading, Failure> MakeReading(
    const Query& query, const Projection& projection, const Rows& rows, std::size_t max_rows,
    const std::vector<std::vector<std::string>>& previous_members) {
  if (rows.size() > max_rows) {
    return Failure{Reason::kTooManyRows,
                   query.file + ": more than " + std::to_string(max_rows) +
                       " rows; group them in the statement, or raise 'limits.rows' in config.yaml",
                   ""};
  }
  auto numbers = ReadValueColumns(query, projection, rows);
  if (auto* failure = std::get_if<Failure>(&numbers)) return std::move(*failure);

  ReadingMaker maker(query, projection, rows,
                     std::get<std::vector<std::vector<double>>>(std::move(numbers)));
  if (auto failure = maker.ReadLabels()) return std::move(*failure);
  maker.ChooseSlots(previous_members);
  if (auto failure = maker.FoldRows()) return std::move(*failure);
  if (auto failure = maker.CombineRows()) return std::move(*failure);
  return maker.Make(max_rows);
}

}  // namespace tidegauge
