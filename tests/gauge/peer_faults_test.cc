// Faults that other exporters have, each held against ours as far as rows and columns go. Named for
// what must happen instead.
#include <gtest/gtest.h>

#include <string>

#include "gauge/fake_rows.h"
#include "gauge/reading.h"

namespace tidegauge {
namespace {

using test::Cells;
using test::Closed;
using test::kNullCell;
using test::MakeColumn;
using test::MakeProjection;
using test::MakeQuery;
using test::MakeRows;
using test::Open;
using test::Show;

std::variant<Reading, Failure> Read(const Query& query, Cells cells, std::size_t max_rows = 10'000,
                                    ColumnType type = ColumnType::kInteger) {
  const Projection projection = MakeProjection(query, type);
  return MakeReading(query, projection, MakeRows(projection, std::move(cells)), max_rows, {});
}

Reason ReasonOf(const std::variant<Projection, Failure>& outcome) {
  return std::get<Failure>(outcome).reason;
}
Reason ReasonOf(const std::variant<Reading, Failure>& outcome) {
  return std::get<Failure>(outcome).reason;
}

// Elsewhere: 0 as a good value.
TEST(PeerFault1Test, MisspeltValueColumnFailsWithColumns) {
  Query query = MakeQuery({});
  query.gauges[0].value = "waiting";
  const auto outcome = Project(query, {MakeColumn("waitting", ColumnType::kInteger)});
  EXPECT_EQ(ReasonOf(outcome), Reason::kColumns);
  EXPECT_NE(std::get<Failure>(outcome).message.find("did you mean 'waitting'?"), std::string::npos);
}

// Elsewhere: the value of column 0.
TEST(PeerFault1Test, MisspeltLabelColumnFailsWithColumns) {
  const auto outcome =
      Project(MakeQuery({Closed("status", {"a"})}),
              {MakeColumn("state", ColumnType::kText), MakeColumn("value", ColumnType::kInteger)});
  EXPECT_EQ(ReasonOf(outcome), Reason::kColumns);
}

// Elsewhere: the whole page answers 500.
TEST(PeerFault4Test, RowsWithTheSameLabelsFailTheirSampleAlone) {
  EXPECT_EQ(ReasonOf(Read(MakeQuery({Closed("s", {"a"})}), {{"a", "1"}, {"a", "2"}})),
            Reason::kDuplicate);
  EXPECT_EQ(ReasonOf(Read(MakeQuery({Open("s", 5)}), {{"a", "1"}, {"a", "1"}})),
            Reason::kDuplicate);
  EXPECT_EQ(ReasonOf(Read(MakeQuery({}), {{"1"}, {"1"}})), Reason::kDuplicate);
}

TEST(PeerFault4Test, NoTwoSeriesOfAReadingHaveTheSameLabels) {
  EXPECT_EQ(Show(Read(MakeQuery({Open("s", 1)}),
                      {{kNullCell, "1"}, {"", "1"}, {"unknown", "1"}, {"other", "1"}, {"b", "1"}})),
            "unknown=3 other=2 folded 1");
}

// Elsewhere: 0, or NaN.
TEST(PeerFault9Test, NullIsNeitherZeroNorNaN) {
  Query query = MakeQuery({});
  EXPECT_EQ(Show(Read(query, {{kNullCell}})), "absent 1");
  query.gauges[0].missing = Missing::kZero;
  EXPECT_EQ(Show(Read(query, {{kNullCell}})), "absent 1");
  query.gauges[0].nulls = Nulls::kFail;
  EXPECT_EQ(ReasonOf(Read(query, {{kNullCell}})), Reason::kNull);
}

// Elsewhere: such columns vanish without a word.
TEST(PeerFault10Test, NumericAndSmallintAreValues) {
  const Column smallint = {"value", ColumnType::kInteger, "smallint", 21};
  EXPECT_TRUE(std::holds_alternative<Projection>(Project(MakeQuery({}), {smallint})));
  EXPECT_TRUE(std::holds_alternative<Projection>(
      Project(MakeQuery({}), {MakeColumn("value", ColumnType::kNumeric)})));
  EXPECT_EQ(Show(Read(MakeQuery({}), {{"1700000000.250000"}}, 10, ColumnType::kNumeric)),
            "=1700000000.25");
}

// Elsewhere: a success that shows nothing.
TEST(PeerFault11Test, TimestampAsValueFailsWithTypeAndTheCure) {
  const auto outcome = Project(MakeQuery({}), {MakeColumn("oldest", ColumnType::kTimestamp)});
  EXPECT_EQ(
      Show(std::get<Failure>(outcome)),
      "type: queries/x.sql: column 'oldest' is timestamp with time zone, and a value must be a "
      "number or boolean; write extract(epoch FROM …) AS oldest");
}

// Elsewhere: all of them are exported.
TEST(PeerFault13Test, FiftyThousandLabelValuesDoNotPass) {
  Cells cells;
  for (int i = 0; i < 50'000; ++i) cells.push_back({"user " + std::to_string(i), "1"});
  EXPECT_EQ(ReasonOf(Read(MakeQuery({Open("user", 50'000)}), cells)), Reason::kTooManyRows);
  EXPECT_EQ(ReasonOf(Read(MakeQuery({Open("user", 50'000)}), cells, 50'000)),
            Reason::kTooManySeries);
  EXPECT_EQ(Show(Read(MakeQuery({Open("user", 1)}), cells, 50'000)),
            "user 0=1 other=49999 folded 49999");
}

// Elsewhere: the old alarm value stays, or no timestamp moves.
TEST(PeerFault16Test, EmptyResultIsASuccessWithZerosOrNothing) {
  Query query = MakeQuery({Closed("s", {"a", "b"})});
  EXPECT_EQ(Show(Read(query, {})), "absent 2");
  query.gauges[0].missing = Missing::kZero;
  EXPECT_EQ(Show(Read(query, {})), "a=0 b=0");
  EXPECT_EQ(std::get<Reading>(Read(query, {})).rows, 0U);
}

}  // namespace
}  // namespace tidegauge
