#include "gauge/reading.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "gauge/label_values.h"
#include "gauge/open_set.h"
#include "gauge/tuples.h"
#include "gauge/value_columns.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

std::size_t Times(std::size_t a, std::size_t b) { return b != 0 && a > kMost / b ? kMost : a * b; }
std::size_t Plus(std::size_t a, std::size_t b) { return a > kMost - b ? kMost : a + b; }

// Rows that are one series: a run of ReadingMaker::order_.
struct Group {
  std::size_t begin;
  std::size_t end;
  bool expected;  // no folded label: one of those that are zero-filled or counted as absent
  bool other;     // has a label `other`, listed or not: does not count against max_series
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
        row_labels_(query.labels.size(), rows.size()) {}

  std::optional<Failure> ReadLabels();
  void ChooseSlots(const std::vector<std::vector<std::string>>& previous_members);
  std::optional<Failure> FoldRows();
  std::optional<Failure> CombineRows();
  void FindExpected();
  std::optional<Failure> CheckSeries(std::size_t max_rows) const;
  Reading Make() const;

 private:
  Failure Fail(Reason reason, const std::string& text) const {
    return {reason, query_.file + ": " + text, ""};
  }
  double Number(std::size_t gauge, std::size_t row) const {
    return numbers_[projection_.value_of_gauge[gauge]][row];
  }
  std::optional<Failure> CheckNoFolding(const Gauge& gauge) const;
  void AddExpected(Tuples& series) const;
  bool ZeroFills() const;

  const Query& query_;
  const Projection& projection_;
  const Rows& rows_;
  const std::vector<std::vector<double>> numbers_;  // by value column and row

  std::vector<LabelValues> values_;   // by label
  Tuples row_labels_;                 // by row: numbers of values_, once folded of slots_' names
  std::vector<std::uint32_t> order_;  // rows by their labels, once folded by their series
  std::vector<Slots> slots_;          // by label
  std::vector<Group> groups_;
  std::vector<std::vector<double>> group_numbers_;  // by gauge and group; NULL: no series

  std::vector<std::size_t> open_labels_;
  Tuples open_seen_{0};               // each tuple of open values that a row has, `other` left out
  std::size_t expected_ = 1;          // series of one gauge where none is missing
  std::size_t expected_counted_ = 1;  // those of them that count against max_series
  std::size_t without_row_ = 0;       // expected ones that no row gave
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
    open_labels_.push_back(i);
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
    Group group{begin, end, true, false};
    const auto tuple = row_labels_[order_[begin]];
    for (std::size_t i = 0; i < tuple.size(); ++i) {
      group.expected = group.expected && tuple[i] < slots_[i].expected;
      group.other = group.other || slots_[i].IsOther(tuple[i]);
    }
    groups_.push_back(group);
  }
  for (const Gauge& gauge : query_.gauges) {
    if (gauge.combine != Combine::kNone) continue;
    if (auto failure = CheckNoFolding(gauge)) return failure;
  }
  return std::nullopt;
}

std::optional<Failure> ReadingMaker::CheckNoFolding(const Gauge& gauge) const {
  const std::string why = " and gauge '" + gauge.name + "' has 'combine: none'; ";
  for (std::size_t i = 0; i < query_.labels.size(); ++i) {
    if (slots_[i].folded == 0) continue;
    const Label& label = query_.labels[i];
    const std::string count = std::to_string(slots_[i].folded) +
                              (slots_[i].folded == 1 ? " value" : " values") + " of label '" +
                              label.column + "'";
    if (label.closed) {
      return Fail(Reason::kLabelValue, count + " would fold into other: not in its list" + why +
                                           "list them, or set 'combine: max' or 'combine: min'");
    }
    return Fail(Reason::kLabelValue,
                count + " would fold into other: beyond its 'max', or an identifier" + why +
                    "raise 'max', or set 'combine: max' or 'combine: min'");
  }
  for (const Group& group : groups_) {
    if (group.end - group.begin == 1) continue;
    return Fail(Reason::kLabelValue,
                "rows become one series, because NULL, '' and 'unknown' are one label value," +
                    why +
                    "group by coalesce(nullif(…, ''), 'unknown'), or set 'combine: max' or "
                    "'combine: min'");
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

void ReadingMaker::FindExpected() {
  Tuples seen(open_labels_.size());
  std::size_t with_row = 0;
  std::vector<std::uint32_t> tuple(open_labels_.size());
  for (const Group& group : groups_) {
    with_row += group.expected ? 1 : 0;
    bool folded = false;
    for (std::size_t i = 0; i < open_labels_.size(); ++i) {
      tuple[i] = row_labels_[order_[group.begin]][open_labels_[i]];
      folded = folded || tuple[i] >= slots_[open_labels_[i]].expected;
    }
    if (!folded) seen.Add(tuple);
  }
  open_seen_ = Tuples(open_labels_.size());
  if (open_labels_.empty()) {
    open_seen_.Add({});  // nothing to be seen: the closed lists alone say what is expected
  } else {
    const std::vector<std::uint32_t> order = seen.Order();
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || !seen.Equal(order[i - 1], order[i])) open_seen_.Add(seen[order[i]]);
    }
  }

  expected_ = expected_counted_ = open_seen_.size();
  for (std::size_t i = 0; i < query_.labels.size(); ++i) {
    if (!query_.labels[i].closed) continue;
    const std::size_t listed = slots_[i].expected;
    const bool lists_other = listed == slots_[i].names.size();
    expected_ = Times(expected_, listed);
    expected_counted_ = Times(expected_counted_, listed - (lists_other ? 1 : 0));
  }
  without_row_ = expected_ - with_row;
}

std::optional<Failure> ReadingMaker::CheckSeries(std::size_t max_rows) const {
  std::size_t counted = 0;
  for (std::size_t g = 0; g < query_.gauges.size(); ++g) {
    const bool zero = query_.gauges[g].missing == Missing::kZero;
    std::size_t with_number = 0;
    std::size_t null = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i].other) continue;
      ++(IsNull(group_numbers_[g][i]) ? null : with_number);
    }
    counted = Plus(counted, zero ? expected_counted_ - null : with_number);
  }
  const auto open = std::find_if(query_.labels.begin(), query_.labels.end(),
                                 [](const Label& label) { return !label.closed; });
  const std::string cure =
      open != query_.labels.end()
          ? "lower 'max' of label '" + open->column + "', or raise 'max_series'"
          : std::string("shorten its lists of label values, or raise 'max_series'");
  if (counted > query_.max_series) {
    return Fail(Reason::kTooManySeries, std::to_string(counted) +
                                            " series, more than its 'max_series' of " +
                                            std::to_string(query_.max_series) + "; " + cure);
  }
  // `other` does not count, but nothing is without a bound: rows fold into as many as they are, and
  // zeros of a listed `other` come beside them.
  if (ZeroFills() && expected_ - expected_counted_ > max_rows) {
    return Fail(Reason::kTooManySeries,
                std::to_string(expected_ - expected_counted_) +
                    " series of a listed 'other' to fill with zeros; take 'other' out of the list");
  }
  return std::nullopt;
}

bool ReadingMaker::ZeroFills() const {
  return std::any_of(query_.gauges.begin(), query_.gauges.end(),
                     [](const Gauge& gauge) { return gauge.missing == Missing::kZero; });
}

// Every combination of listed values with each open tuple seen.
void ReadingMaker::AddExpected(Tuples& series) const {
  if (expected_ == 0) return;
  for (std::size_t i = 0; i < open_seen_.size(); ++i) {
    std::vector<std::uint32_t> tuple(query_.labels.size());
    for (std::size_t k = 0; k < open_labels_.size(); ++k) tuple[open_labels_[k]] = open_seen_[i][k];
    std::size_t label = 0;
    do {
      series.Add(tuple);
      // The next combination: counts up like an odometer; past the last label all have been.
      for (label = 0; label < tuple.size(); ++label) {
        if (!query_.labels[label].closed) continue;
        if (++tuple[label] < slots_[label].expected) break;
        tuple[label] = 0;
      }
    } while (label < tuple.size());
  }
}

Reading ReadingMaker::Make() const {
  Tuples series(query_.labels.size());
  for (const Group& group : groups_) series.Add(row_labels_[order_[group.begin]]);
  if (ZeroFills() && without_row_ > 0) AddExpected(series);
  const std::vector<std::uint32_t> order = series.Order();

  Reading reading;
  reading.rows = rows_.size();
  reading.absent_values = nulls_left_out_;
  for (std::size_t g = 0; g < query_.gauges.size(); ++g) {
    const bool zero = query_.gauges[g].missing == Missing::kZero;
    if (!zero) reading.absent_values += without_row_;
    GaugeReading& gauge = reading.gauges.emplace_back();
    for (std::size_t i = 0; i < order.size(); ++i) {
      // Equal tuples keep their order: what a row gave stands before the same one expected.
      if (i > 0 && series.Equal(order[i - 1], order[i])) continue;
      double value = 0;
      if (order[i] < groups_.size()) {
        value = group_numbers_[g][order[i]];
        if (IsNull(value)) continue;
      } else if (!zero) {
        continue;
      }
      Series& one = gauge.series.emplace_back();
      const auto tuple = series[order[i]];
      one.labels.reserve(tuple.size());
      for (std::size_t k = 0; k < tuple.size(); ++k)
        one.labels.push_back(slots_[k].names[tuple[k]]);
      one.value = value;
    }
    gauge.series.shrink_to_fit();
    reading.series += gauge.series.size();
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
  maker.FindExpected();
  if (auto failure = maker.CheckSeries(max_rows)) return std::move(*failure);
  return maker.Make();
}

}  // namespace tidegauge
