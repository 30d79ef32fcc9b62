// MakeReading against a slow reference that says the rules once more, on random small inputs; and
// what must hold whatever the input. The seed is fixed: a failure can be run again.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "gauge/fake_rows.h"
#include "gauge/reading.h"

namespace tidegauge {
namespace {

using test::Cell;
using test::Cells;
using test::MakeProjection;
using test::MakeQuery;
using test::MakeRows;

using Tuple = std::vector<std::string>;
constexpr int kRounds = 3'000;
const std::vector<std::string> kNames = {"a", "b", "c", "d", "e", "other", "unknown"};

struct Input {
  Query query;
  Cells cells;
  std::vector<std::vector<std::string>> previous;
};

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}
  std::size_t Below(std::size_t n) { return engine_() % n; }
  bool Sometimes(std::size_t one_in) { return Below(one_in) == 0; }

  Input Make() {
    Input input;
    std::vector<Label> labels;
    for (std::size_t i = Below(4); i > 0; --i) labels.push_back(MakeLabel("l" + std::to_string(i)));
    input.query = MakeQuery(labels);
    input.query.gauges.resize(1 + Below(2));
    for (std::size_t g = 0; g < input.query.gauges.size(); ++g) {
      Gauge& gauge = input.query.gauges[g];
      gauge.name = gauge.value = "g" + std::to_string(g);
      gauge.combine = static_cast<Combine>(Below(3));
      gauge.missing = static_cast<Missing>(Below(2));
      gauge.nulls = static_cast<Nulls>(Below(2));
    }
    input.query.max_series = Sometimes(4) ? 1 + Below(10) : 1'000;
    input.cells = MakeCells(input.query);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      input.previous.emplace_back();
      for (const auto& name : kNames) {
        if (name != kOther && Sometimes(3)) input.previous.back().push_back(name);
      }
    }
    if (Sometimes(2)) input.previous.clear();
    return input;
  }

  void Shuffle(Cells& cells) { std::shuffle(cells.begin(), cells.end(), engine_); }

 private:
  Label MakeLabel(std::string column) {
    if (Sometimes(2)) return test::Open(std::move(column), Below(4));
    Label label = test::Closed(std::move(column), {});
    for (const auto& name : kNames) {
      if (Sometimes(2)) label.values.push_back(name);
    }
    std::shuffle(label.values.begin(), label.values.end(), engine_);
    return label;
  }

  // Distinct labels, unless by chance one in a hundred inputs.
  Cells MakeCells(const Query& query) {
    Cells cells;
    std::set<std::vector<Cell>> seen;
    const bool duplicates = Sometimes(100);
    for (std::size_t i = query.labels.empty() ? Below(2) : Below(15); i > 0; --i) {
      std::vector<Cell> row;
      for (std::size_t k = 0; k < query.labels.size(); ++k) {
        const std::size_t name = Below(kNames.size() + 2);
        row.push_back(name < kNames.size()    ? Cell(kNames[name])
                      : name == kNames.size() ? Cell("")
                                              : Cell());
      }
      if (!seen.insert(row).second && !duplicates) continue;
      for (std::size_t g = 0; g < query.gauges.size(); ++g) {
        row.push_back(Sometimes(5) ? Cell()
                                   : Cell(std::to_string(static_cast<int>(Below(41)) - 20)));
      }
      cells.push_back(row);
    }
    return cells;
  }

  std::mt19937 engine_;
};

std::string ShownAs(const Cell& cell) { return cell && !cell->empty() ? *cell : kUnknown; }

// The members of one open label, by comparing every value with every other.
std::set<std::string> Members(const Input& input, std::size_t label) {
  std::map<std::string, double> totals;
  for (const auto& row : input.cells) {
    const auto& number = row[input.query.labels.size()];
    totals[ShownAs(row[label])] += number ? std::stod(*number) : 0;
  }
  totals.erase(kOther);
  const auto was_member = [&](const std::string& name) {
    if (label >= input.previous.size()) return false;
    const auto& previous = input.previous[label];
    return std::find(previous.begin(), previous.end(), name) != previous.end();
  };
  const auto score = [&](const std::string& name, double total) {
    return was_member(name) ? total : total - (total < 0 ? -total : total) / 10;
  };
  std::set<std::string> members;
  for (const auto& [name, total] : totals) {
    std::size_t better = 0;
    for (const auto& [rival, rival_total] : totals) {
      if (rival == name) continue;
      const double mine = score(name, total);
      const double its = score(rival, rival_total);
      if (its > mine) {
        ++better;
      } else if (its == mine && was_member(rival) != was_member(name)) {
        better += was_member(rival) ? 1 : 0;
      } else if (its == mine && (rival_total > total || (rival_total == total && rival < name))) {
        ++better;
      }
    }
    if (better < input.query.labels[label].max) members.insert(name);
  }
  return members;
}

// All tuples of one value from each list.
std::vector<Tuple> Product(const std::vector<std::vector<std::string>>& lists) {
  std::vector<Tuple> tuples = {{}};
  for (const auto& list : lists) {
    std::vector<Tuple> longer;
    for (const Tuple& tuple : tuples) {
      for (const auto& value : list) {
        longer.push_back(tuple);
        longer.back().push_back(value);
      }
    }
    tuples = longer;
  }
  return tuples;
}

struct Reference {
  std::vector<std::map<Tuple, double>> gauges;
  std::size_t counted = 0;
  std::size_t folded = 0;
  std::size_t absent = 0;
};

Reference Refer(const Input& input) {
  const auto& labels = input.query.labels;
  Reference reference;
  std::vector<std::vector<std::string>> kept;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto members = Members(input, i);
    kept.push_back(labels[i].closed ? labels[i].values : Tuple(members.begin(), members.end()));
  }
  const auto keeps = [&](std::size_t label, const std::string& value) {
    return std::find(kept[label].begin(), kept[label].end(), value) != kept[label].end();
  };

  std::map<Tuple, std::vector<const std::vector<Cell>*>> rows;
  std::vector<std::set<std::string>> folded(labels.size());
  std::set<Tuple> open_seen;
  for (const auto& row : input.cells) {
    Tuple tuple;
    Tuple open;
    bool open_other = false;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::string shown = ShownAs(row[i]);
      const bool stays = keeps(i, shown);
      tuple.push_back(stays ? shown : kOther);
      if (!stays && (labels[i].closed || shown != kOther)) folded[i].insert(shown);
      if (labels[i].closed) continue;
      open.push_back(tuple.back());
      open_other = open_other || !stays;
    }
    rows[tuple].push_back(&row);
    if (!open_other) open_seen.insert(open);
  }
  for (const auto& values : folded) reference.folded += values.size();
  if (std::all_of(labels.begin(), labels.end(), [](const Label& l) { return l.closed; })) {
    open_seen.insert(Tuple{});
  }

  // Every tuple of kept values whose open part was seen.
  std::set<Tuple> expected;
  for (const Tuple& tuple : Product(kept)) {
    Tuple open;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!labels[i].closed) open.push_back(tuple[i]);
    }
    if (open_seen.count(open)) expected.insert(tuple);
  }

  for (std::size_t g = 0; g < input.query.gauges.size(); ++g) {
    const Gauge& gauge = input.query.gauges[g];
    auto& series = reference.gauges.emplace_back();
    for (const auto& [tuple, members] : rows) {
      std::vector<double> numbers;
      for (const auto* row : members) {
        const Cell& cell = (*row)[labels.size() + g];
        if (cell) {
          numbers.push_back(std::stod(*cell));
        } else if (gauge.nulls == Nulls::kAbsent) {
          ++reference.absent;
        }
      }
      if (numbers.empty() && gauge.nulls == Nulls::kZero) numbers.push_back(0);
      if (numbers.empty()) continue;
      double value = 0;
      for (double number : numbers) value += number;
      if (gauge.combine == Combine::kMax) value = *std::max_element(numbers.begin(), numbers.end());
      if (gauge.combine == Combine::kMin) value = *std::min_element(numbers.begin(), numbers.end());
      series[tuple] = value;
    }
    for (const Tuple& tuple : expected) {
      if (rows.count(tuple)) continue;
      if (gauge.missing == Missing::kZero) {
        series[tuple] = 0;
      } else {
        ++reference.absent;
      }
    }
    for (const auto& [tuple, value] : series) {
      reference.counted += std::find(tuple.begin(), tuple.end(), kOther) == tuple.end() ? 1 : 0;
    }
  }
  return reference;
}

std::variant<Reading, Failure> Read(const Input& input) {
  const Projection projection = MakeProjection(input.query);
  return MakeReading(input.query, projection, MakeRows(projection, input.cells), 1'000,
                     input.previous);
}

bool HasDuplicates(const Input& input) {
  std::set<std::vector<Cell>> seen;
  const auto labels = static_cast<std::ptrdiff_t>(input.query.labels.size());
  for (const auto& row : input.cells) {
    if (!seen.insert({row.begin(), row.begin() + labels}).second) return true;
  }
  return false;
}

// What decides the order of series: the place in the list or the name, `other` last.
std::vector<std::pair<std::size_t, std::string>> SortKey(const Query& query, const Tuple& tuple) {
  std::vector<std::pair<std::size_t, std::string>> key;
  for (std::size_t i = 0; i < tuple.size(); ++i) {
    const auto& list = query.labels[i].values;
    if (query.labels[i].closed) {
      key.emplace_back(std::find(list.begin(), list.end(), tuple[i]) - list.begin(), "");
    } else {
      key.emplace_back(tuple[i] == kOther ? 1 : 0, tuple[i]);
    }
  }
  return key;
}

TEST(ReadingPropertyTest, AgreesWithTheReference) {
  Generator generator(20'240'501);
  int readings = 0;
  int too_many = 0;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Input input = generator.Make();
    const auto outcome = Read(input);
    if (HasDuplicates(input)) {
      ASSERT_EQ(std::get<Failure>(outcome).reason, Reason::kDuplicate);
      continue;
    }
    const Reference reference = Refer(input);
    if (reference.counted > input.query.max_series) {
      ++too_many;
      ASSERT_TRUE(std::holds_alternative<Failure>(outcome)) << test::Show(outcome);
      ASSERT_EQ(std::get<Failure>(outcome).reason, Reason::kTooManySeries);
      continue;
    }
    ++readings;
    ASSERT_TRUE(std::holds_alternative<Reading>(outcome)) << test::Show(outcome);
    const auto& reading = std::get<Reading>(outcome);
    std::size_t series = 0;
    ASSERT_EQ(reading.gauges.size(), reference.gauges.size());
    for (std::size_t g = 0; g < reading.gauges.size(); ++g) {
      std::map<Tuple, double> found;
      for (const Series& one : reading.gauges[g].series) found.emplace(one.labels, one.value);
      ASSERT_EQ(found, reference.gauges[g]);
      ASSERT_EQ(found.size(), reading.gauges[g].series.size());  // no series twice
      series += found.size();
    }
    ASSERT_EQ(reading.series, series);
    ASSERT_EQ(reading.folded_values, reference.folded);
    ASSERT_EQ(reading.absent_values, reference.absent);
    ASSERT_EQ(reading.rows, input.cells.size());
  }
  // The inputs are worth something only where both outcomes are common.
  EXPECT_GT(readings, kRounds / 2);
  EXPECT_GT(too_many, kRounds / 50);
}

TEST(ReadingPropertyTest, DoesNotDependOnTheOrderOfRows) {
  Generator generator(7);
  for (int round = 0; round < kRounds / 3; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Input input = generator.Make();
    // Numbers whose sum depends on the order in which they are added.
    for (auto& row : input.cells) {
      for (std::size_t i = input.query.labels.size(); i < row.size(); ++i) {
        if (row[i]) *row[i] += generator.Sometimes(2) ? ".1" : "e16";
      }
    }
    const auto first = Read(input);
    generator.Shuffle(input.cells);
    const auto second = Read(input);
    ASSERT_EQ(test::Show(first), test::Show(second));
    if (const auto* reading = std::get_if<Reading>(&first)) {
      ASSERT_EQ(reading->gauges, std::get<Reading>(second).gauges);  // to the last bit
      ASSERT_EQ(reading->members, std::get<Reading>(second).members);
    }
  }
}

TEST(ReadingPropertyTest, FoldingBySumKeepsTheTotal) {
  Generator generator(11);
  for (int round = 0; round < kRounds / 3; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Input input = generator.Make();
    input.query.max_series = 100'000;
    for (Gauge& gauge : input.query.gauges) gauge.combine = Combine::kSum;
    const auto outcome = Read(input);
    if (std::holds_alternative<Failure>(outcome)) continue;
    for (std::size_t g = 0; g < input.query.gauges.size(); ++g) {
      double rows = 0;
      for (const auto& row : input.cells) {
        const Cell& cell = row[input.query.labels.size() + g];
        if (cell) rows += std::stod(*cell);
      }
      double series = 0;
      for (const Series& one : std::get<Reading>(outcome).gauges[g].series) series += one.value;
      ASSERT_EQ(rows, series);
    }
  }
}

TEST(ReadingPropertyTest, StaysWithinItsLimitsAndInOrder) {
  Generator generator(13);
  for (int round = 0; round < kRounds / 3; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Input input = generator.Make();
    const auto outcome = Read(input);
    if (std::holds_alternative<Failure>(outcome)) continue;
    const auto& reading = std::get<Reading>(outcome);
    std::size_t counted = 0;
    for (const GaugeReading& gauge : reading.gauges) {
      for (std::size_t i = 0; i < gauge.series.size(); ++i) {
        const Tuple& tuple = gauge.series[i].labels;
        counted += std::find(tuple.begin(), tuple.end(), kOther) == tuple.end() ? 1 : 0;
        if (i == 0) continue;
        ASSERT_LT(SortKey(input.query, gauge.series[i - 1].labels), SortKey(input.query, tuple));
      }
    }
    ASSERT_LE(counted, input.query.max_series);
    ASSERT_EQ(reading.members.size(), input.query.labels.size());
    for (std::size_t i = 0; i < reading.members.size(); ++i) {
      ASSERT_LE(reading.members[i].size(), input.query.labels[i].max);
      ASSERT_TRUE(std::is_sorted(reading.members[i].begin(), reading.members[i].end()));
    }
  }
}

}  // namespace
}  // namespace tidegauge
