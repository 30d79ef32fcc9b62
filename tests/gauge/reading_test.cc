#include "gauge/reading.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "gauge/fake_rows.h"

namespace tidegauge {
namespace {

using test::Cells;
using test::Closed;
using test::kNullCell;
using test::MakeProjection;
using test::MakeQuery;
using test::MakeRows;
using test::Open;
using test::Show;

constexpr std::size_t kMaxRows = 1'000;

std::variant<Reading, Failure> Read(const Query& query, Cells cells,
                                    ColumnType type = ColumnType::kInteger,
                                    const std::vector<std::vector<std::string>>& previous = {}) {
  const Projection projection = MakeProjection(query, type);
  return MakeReading(query, projection, MakeRows(projection, std::move(cells)), kMaxRows, previous);
}

struct Case {
  const char* name;
  std::vector<Label> labels;
  std::function<void(Query&)> change;
  Cells cells;
  std::string expected;
};

class ReadingTest : public testing::TestWithParam<Case> {};

TEST_P(ReadingTest, Reads) {
  const Case& param = GetParam();
  Query query = MakeQuery(param.labels);
  if (param.change) param.change(query);
  EXPECT_EQ(Show(Read(query, param.cells)), param.expected);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

const std::function<void(Query&)> kAsIs;
void Zero(Query& query) { query.gauges[0].missing = Missing::kZero; }
std::function<void(Query&)> Combining(Combine combine) {
  return [combine](Query& query) { query.gauges[0].combine = combine; };
}
std::function<void(Query&)> NullsAs(Nulls nulls) {
  return [nulls](Query& query) { query.gauges[0].nulls = nulls; };
}

INSTANTIATE_TEST_SUITE_P(
    WithoutLabels, ReadingTest,
    testing::Values(
        Case{"OneRow", {}, kAsIs, {{"5"}}, "=5"}, Case{"NoRowIsAbsent", {}, kAsIs, {}, "absent 1"},
        Case{"NoRowIsZero", {}, Zero, {}, "=0"},
        Case{"TwoRows",
             {},
             kAsIs,
             {{"5"}, {"6"}},
             "duplicate: queries/x.sql: the query has no labels and gave 2 rows; make it "
             "one row, or name the columns that tell them apart under 'labels:'"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    ClosedLists, ReadingTest,
    testing::Values(
        Case{"InListOrder", {Closed("s", {"b", "a"})}, kAsIs, {{"a", "1"}, {"b", "2"}}, "b=2 a=1"},
        Case{"ValueOutsideFoldsIntoOtherLast",
             {Closed("s", {"b", "z"})},
             kAsIs,
             {{"x", "1"}, {"b", "2"}, {"y", "3"}, {"z", "4"}},
             "b=2 z=4 other=4 folded 2"},
        Case{"NoOtherWithoutFolding", {Closed("s", {"a"})}, kAsIs, {{"a", "1"}}, "a=1"},
        Case{"ListedOtherStandsInItsPlace",
             {Closed("s", {"other", "a"})},
             kAsIs,
             {{"a", "1"}, {"x", "2"}, {"other", "3"}},
             "other=5 a=1 folded 1"},
        Case{"ListedOtherIsZeroFilled",
             {Closed("s", {"a", "other"})},
             Zero,
             {{"a", "1"}},
             "a=1 other=0"},
        Case{"OtherThatIsNotListedFolds",
             {Closed("s", {"a"})},
             kAsIs,
             {{"other", "3"}, {"a", "1"}},
             "a=1 other=3 folded 1"},
        Case{"NullAndEmptyAreUnknownWhichFoldsAsOneValue",
             {Closed("s", {"a"})},
             kAsIs,
             {{kNullCell, "1"}, {"", "2"}, {"unknown", "4"}, {"a", "8"}},
             "a=8 other=7 folded 1"},
        Case{"NullAndEmptyAreUnknownWhereItIsListed",
             {Closed("s", {"unknown"})},
             kAsIs,
             {{kNullCell, "1"}, {"", "2"}},
             "unknown=3"},
        Case{"ValuesAreComparedExactly",
             {Closed("s", {"a"})},
             kAsIs,
             {{"A", "1"}, {" a", "2"}},
             "other=3 folded 2 absent 1"},
        Case{"TwoLists",
             {Closed("s", {"a", "b"}), Closed("t", {"x", "y"})},
             kAsIs,
             {{"b", "x", "1"}, {"a", "y", "2"}, {"a", "q", "3"}, {"r", "y", "4"}, {"r", "q", "5"}},
             "a/y=2 a/other=3 b/x=1 other/y=4 other/other=5 folded 2 absent 2"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    MissingRows, ReadingTest,
    testing::Values(
        Case{"ZeroForListedValues",
             {Closed("s", {"a", "b", "c"})},
             Zero,
             {{"b", "2"}},
             "a=0 b=2 c=0"},
        Case{"ZeroForAnEmptyResult", {Closed("s", {"a", "b"})}, Zero, {}, "a=0 b=0"},
        Case{
            "AbsentIsCounted", {Closed("s", {"a", "b", "c"})}, kAsIs, {{"b", "2"}}, "b=2 absent 2"},
        Case{"EveryCombination",
             {Closed("s", {"a", "b"}), Closed("t", {"x", "y"})},
             Zero,
             {{"b", "x", "1"}},
             "a/x=0 a/y=0 b/x=1 b/y=0"},
        Case{"BesideAnOpenLabelEachValueSeen",
             {Closed("s", {"a", "b"}), Open("t", 5)},
             Zero,
             {{"a", "x", "1"}, {"b", "y", "2"}},
             "a/x=1 a/y=0 b/x=0 b/y=2"},
        Case{"OpenValueSeenInAFoldedRowCounts",
             {Closed("s", {"a"}), Open("t", 5)},
             Zero,
             {{"q", "x", "1"}},
             "a/x=0 other/x=1 folded 1"},
        Case{"OpenTuplesSeenNotTheirProduct",
             {Open("t", 5), Closed("s", {"a", "b"}), Open("u", 5)},
             Zero,
             {{"x", "a", "m", "1"}, {"y", "b", "n", "2"}},
             "x/a/m=1 x/b/m=0 y/a/n=0 y/b/n=2"},
        Case{"OtherIsNotFilled",
             {Closed("s", {"a", "b"}), Open("t", 1)},
             Zero,
             {{"a", "x", "5"}, {"a", "y", "1"}},
             "a/x=5 a/other=1 b/x=0 folded 1"},
        Case{"NoOpenValueNothingToFill", {Closed("s", {"a"}), Open("t", 5)}, Zero, {}, "nothing"},
        Case{"AbsentBesideAnOpenLabel",
             {Closed("s", {"a", "b"}), Open("t", 5)},
             kAsIs,
             {{"a", "x", "1"}, {"b", "y", "2"}},
             "a/x=1 b/y=2 absent 2"},
        Case{"NullIsNotMissing",
             {Closed("s", {"a", "b"})},
             Zero,
             {{"a", kNullCell}},
             "b=0 absent 1"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    NullValues, ReadingTest,
    testing::Values(
        Case{"Absent",
             {Closed("s", {"a", "b"})},
             kAsIs,
             {{"a", kNullCell}, {"b", "1"}},
             "b=1 absent 1"},
        Case{"Zero",
             {Closed("s", {"a", "b"})},
             NullsAs(Nulls::kZero),
             {{"a", kNullCell}, {"b", "1"}},
             "a=0 b=1"},
        Case{"FailOne",
             {},
             NullsAs(Nulls::kFail),
             {{kNullCell}},
             "null: queries/x.sql: column 'value' is NULL in 1 row; give it a number with "
             "coalesce(…), or set 'nulls: absent' or 'nulls: zero' for gauge 'items'"},
        Case{"FailSeveralThoughTheyWouldFold",
             {Closed("s", {"a"})},
             NullsAs(Nulls::kFail),
             {{"x", kNullCell}, {"y", "1"}, {"z", kNullCell}},
             "null: queries/x.sql: column 'value' is NULL in 2 rows; give it a number with "
             "coalesce(…), or set 'nulls: absent' or 'nulls: zero' for gauge 'items'"},
        Case{"LeftOutOfSum",
             {Closed("s", {"a"})},
             kAsIs,
             {{"a", "1"}, {"x", kNullCell}, {"y", "2"}},
             "a=1 other=2 folded 2 absent 1"},
        Case{"LeftOutOfMaxUnderZeroToo",
             {Closed("s", {"a"})},
             [](Query& query) {
               query.gauges[0].nulls = Nulls::kZero;
               query.gauges[0].combine = Combine::kMax;
             },
             {{"a", "1"}, {"x", kNullCell}, {"y", "-2"}},
             "a=1 other=-2 folded 2"},
        Case{"FoldedGroupOfNullsIsNull",
             {Closed("s", {"a"})},
             kAsIs,
             {{"a", "1"}, {"x", kNullCell}, {"y", kNullCell}},
             "a=1 folded 2 absent 2"},
        Case{"FoldedGroupOfNullsAsZero",
             {Closed("s", {"a"})},
             NullsAs(Nulls::kZero),
             {{"a", "1"}, {"x", kNullCell}, {"y", kNullCell}},
             "a=1 other=0 folded 2"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Combining, ReadingTest,
    testing::Values(
        Case{"Sum",
             {Closed("s", {"a"})},
             Combining(Combine::kSum),
             {{"x", "2"}, {"y", "3"}},
             "other=5 folded 2 absent 1"},
        Case{"Max",
             {Closed("s", {"a"})},
             Combining(Combine::kMax),
             {{"x", "2"}, {"y", "3"}},
             "other=3 folded 2 absent 1"},
        Case{"Min",
             {Closed("s", {"a"})},
             Combining(Combine::kMin),
             {{"x", "2"}, {"y", "3"}},
             "other=2 folded 2 absent 1"},
        Case{"NoneWithoutFolding",
             {Closed("s", {"a", "b"})},
             Combining(Combine::kNone),
             {{"a", "2"}, {"b", "3"}},
             "a=2 b=3"},
        Case{"NoneFailsOnOneFoldedRow",
             {Closed("s", {"a"})},
             Combining(Combine::kNone),
             {{"x", "2"}},
             "label_value: queries/x.sql: 1 value of label 's' would fold into other (not in its "
             "list), which gauge 'items' forbids with 'combine: none'; extend the list, or set "
             "'combine: max' or 'combine: min'"},
        Case{"NoneFailsOnAListedOtherToo",
             {Closed("s", {"a", "other"})},
             Combining(Combine::kNone),
             {{"x", "2"}, {"y", "2"}},
             "label_value: queries/x.sql: 2 values of label 's' would fold into other (not in its "
             "list), which gauge 'items' forbids with 'combine: none'; extend the list, or set "
             "'combine: max' or 'combine: min'"},
        Case{"NoneFailsBeyondMax",
             {Open("s", 1)},
             Combining(Combine::kNone),
             {{"x", "2"}, {"y", "3"}},
             "label_value: queries/x.sql: 1 value of label 's' would fold into other (beyond its "
             "'max', or identifiers), which gauge 'items' forbids with 'combine: none'; raise "
             "'max', or set 'combine: max' or 'combine: min'"},
        Case{"NoneFailsWhereNullAndEmptyMeet",
             {Open("s", 9)},
             Combining(Combine::kNone),
             {{"", "2"}, {kNullCell, "3"}},
             "label_value: queries/x.sql: rows with NULL, '' or 'unknown' in a label would become "
             "one series, which gauge 'items' forbids with 'combine: none'; group by "
             "coalesce(nullif(…, ''), 'unknown'), or set 'combine: max' or 'combine: min'"},
        Case{"NoneTakesNullAsUnknown",
             {Open("s", 9)},
             Combining(Combine::kNone),
             {{kNullCell, "3"}},
             "unknown=3"},
        Case{"NoneTakesAValueOtherOfAnOpenSet",
             {Open("s", 1)},
             Combining(Combine::kNone),
             {{"a", "1"}, {"other", "3"}},
             "a=1 other=3"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    OpenSets, ReadingTest,
    testing::Values(
        Case{"ByName", {Open("s", 9)}, kAsIs, {{"b", "1"}, {"a", "2"}}, "a=2 b=1"},
        Case{"LargestStayRestFolds",
             {Open("s", 2)},
             kAsIs,
             {{"a", "1"}, {"b", "5"}, {"c", "3"}, {"d", "2"}},
             "b=5 c=3 other=3 folded 2"},
        Case{"TiesByName", {Open("s", 1)}, kAsIs, {{"b", "1"}, {"a", "1"}}, "a=1 other=1 folded 1"},
        Case{"RankIsTheTotalOverAllRows",
             {Open("s", 1), Closed("t", {"x", "y"})},
             kAsIs,
             {{"a", "x", "3"}, {"b", "x", "2"}, {"b", "y", "2"}},
             "b/x=2 b/y=2 other/x=3 folded 1"},
        Case{"UnknownIsAMemberLikeOthers",
             {Open("s", 1)},
             kAsIs,
             {{kNullCell, "2"}, {"", "2"}, {"a", "3"}},
             "unknown=4 other=3 folded 1"},
        Case{"ValueOtherTakesNoPlace",
             {Open("s", 1)},
             kAsIs,
             {{"other", "9"}, {"a", "1"}},
             "a=1 other=9"},
        Case{"ValueOtherMeetsWhatFolds",
             {Open("s", 1)},
             kAsIs,
             {{"other", "9"}, {"a", "2"}, {"b", "1"}},
             "a=2 other=10 folded 1"},
        Case{"SeveralAreRankedIndependently",
             {Open("s", 1), Open("t", 1)},
             kAsIs,
             {{"a", "x", "5"}, {"b", "y", "4"}, {"b", "z", "3"}},
             "b/other=7 other/x=5 folded 3"},
        Case{"RankOfTheFirstGaugeHoldsForAll",
             {Open("s", 1)},
             [](Query& query) {
               query.gauges.resize(2);
               query.gauges[0].value = "n";
               query.gauges[1].name = "items_oldest";
               query.gauges[1].value = "m";
               query.gauges[1].combine = Combine::kMax;
             },
             {{"a", "1", "900"}, {"b", "2", "1"}, {"c", "1", "500"}},
             "b=2 other=2 | b=1 other=900 folded 2"},
        Case{"NullsOfTheFirstGaugeRankAsZero",
             {Open("s", 1)},
             kAsIs,
             {{"a", kNullCell}, {"b", "1"}},
             "b=1 folded 1 absent 1"},
        Case{"MaxAboveMaxSeriesIsNoError", {Open("s", 100'000)}, kAsIs, {{"a", "1"}}, "a=1"}),
    NameOf);

std::function<void(Query&)> TreatIdentifiers(Identifiers identifiers) {
  return [identifiers](Query& query) { query.identifiers = identifiers; };
}

INSTANTIATE_TEST_SUITE_P(
    IdentifierValues, ReadingTest,
    testing::Values(
        Case{
            "RefusedWithoutPrintingThem",
            {Open("customer", 9)},
            kAsIs,
            {{"a", "1"}, {"ada@example.org", "2"}},
            "identifier: queries/x.sql: label 'customer' has a value that looks like an identifier "
            "(an e-mail address); group by something with few values, or set 'identifiers: fold' "
            "or 'identifiers: allow'"},
        Case{
            "RefusedBeyondMaxToo",
            {Open("customer", 1)},
            kAsIs,
            {{"a", "5"}, {"123456789", "2"}},
            "identifier: queries/x.sql: label 'customer' has a value that looks like an identifier "
            "(a number of 9 or more digits); group by something with few values, or set "
            "'identifiers: fold' or 'identifiers: allow'"},
        Case{"Folded",
             {Open("customer", 1)},
             TreatIdentifiers(Identifiers::kFold),
             {{"a", "1"}, {"ada@example.org", "2"}, {"www.example.org", "3"}},
             "a=1 other=5 folded 2"},
        Case{"Allowed",
             {Open("customer", 9)},
             TreatIdentifiers(Identifiers::kAllow),
             {{"ada@example.org", "2"}},
             "ada@example.org=2"},
        Case{"ClosedListMayNameThem",
             {Closed("customer", {"ada@example.org"})},
             kAsIs,
             {{"ada@example.org", "2"}, {"ben@example.org", "3"}},
             "ada@example.org=2 other=3 folded 1"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    RowsAndLabels, ReadingTest,
    testing::Values(
        Case{
            "SameLabelsTwice",
            {Closed("s", {"a"}), Open("t", 9)},
            kAsIs,
            {{"a", "x", "1"}, {"a", "y", "1"}, {"a", "x", "1"}},
            "duplicate: queries/x.sql: two rows have the same labels (s, t); GROUP BY s, t, or add "
            "the column that tells them apart"},
        Case{"SameLabelsTwiceOutsideTheList",
             {Closed("s", {"a"})},
             kAsIs,
             {{"x", "1"}, {"x", "2"}},
             "duplicate: queries/x.sql: two rows have the same labels (s); GROUP BY s, or add the "
             "column that tells them apart"},
        Case{"NullTwice",
             {Open("s", 9)},
             kAsIs,
             {{kNullCell, "1"}, {kNullCell, "2"}},
             "duplicate: queries/x.sql: two rows have the same labels (s); GROUP BY s, or add the "
             "column that tells them apart"},
        Case{"NullBesideEmptyCombines",
             {Open("s", 9)},
             kAsIs,
             {{kNullCell, "1"}, {"", "2"}},
             "unknown=3"},
        Case{"LongestLabel",
             {Closed("s", {"a"})},
             kAsIs,
             {{std::string(128, 'x'), "1"}},
             "other=1 folded 1 absent 1"},
        Case{"LabelTooLong",
             {Closed("s", {"a"})},
             kAsIs,
             {{std::string(129, 'x'), "1"}},
             "label_value: queries/x.sql: label 's' has a value longer than 128 bytes; group by "
             "something shorter, or cut it: left(…, 30) AS s"},
        Case{"LabelTooLongInBytes",
             {Open("s", 9)},
             kAsIs,
             {{"é" + std::string(127, 'x'), "1"}},
             "label_value: queries/x.sql: label 's' has a value longer than 128 bytes; group by "
             "something shorter, or cut it: left(…, 30) AS s"},
        Case{
            "LabelNotUtf8",
            {Open("s", 9)},
            kAsIs,
            {{"caf\xe9", "1"}},
            "label_value: queries/x.sql: label 's' has a value that is not valid UTF-8; convert it "
            "with convert_from(…), or leave such rows out"},
        Case{"LabelOfAnyScript",
             {Open("s", 9)},
             kAsIs,
             {{"entwürfe \"é\"\n", "1"}},
             "entwürfe \"é\"\n=1"}),
    NameOf);

std::function<void(Query&)> MaxSeries(std::size_t max_series) {
  return [max_series](Query& query) { query.max_series = max_series; };
}

INSTANTIATE_TEST_SUITE_P(
    SeriesLimit, ReadingTest,
    testing::Values(
        Case{
            "AsManyAsMaxSeries", {Open("s", 9)}, MaxSeries(2), {{"a", "1"}, {"b", "1"}}, "a=1 b=1"},
        Case{"MoreThanMaxSeries",
             {Closed("t", {"x"}), Open("s", 9)},
             MaxSeries(2),
             {{"x", "a", "1"}, {"x", "b", "1"}, {"x", "c", "1"}},
             "too_many_series: queries/x.sql: 3 series, more than its 'max_series' of 2; lower "
             "'max' of label 's', or raise 'max_series'"},
        Case{"OtherDoesNotCount",
             {Open("s", 2)},
             MaxSeries(2),
             {{"a", "3"}, {"b", "2"}, {"c", "1"}},
             "a=3 b=2 other=1 folded 1"},
        Case{"ListedOtherDoesNotCount",
             {Closed("s", {"a", "other"})},
             [](Query& query) {
               Zero(query);
               query.max_series = 1;
             },
             {{"x", "1"}},
             "a=0 other=1 folded 1"},
        Case{"ZerosCount",
             {Closed("s", {"a", "b"}), Open("t", 9)},
             [](Query& query) {
               Zero(query);
               query.max_series = 3;
             },
             {{"a", "x", "1"}, {"b", "y", "1"}},
             "too_many_series: queries/x.sql: 4 series, more than its 'max_series' of 3; lower "
             "'max' of label 't', or raise 'max_series'"},
        Case{"NullsDoNotCount",
             {Closed("s", {"a", "b"})},
             [](Query& query) {
               Zero(query);
               query.max_series = 1;
             },
             {{"a", kNullCell}},
             "b=0 absent 1"},
        Case{"OverAllGauges",
             {Closed("s", {"a", "b"})},
             [](Query& query) {
               query.max_series = 3;
               query.gauges.resize(2);
               query.gauges[1].value = "m";
             },
             {{"a", "1", "1"}, {"b", "1", "1"}},
             "too_many_series: queries/x.sql: 4 series, more than its 'max_series' of 3; shorten "
             "its lists of label values, or raise 'max_series'"},
        Case{"ZerosOfAListedOtherAreBoundedByTheRows",
             {Closed("s", {"other"}), Closed("t", std::vector<std::string>(kMaxRows + 1, "x"))},
             Zero,
             {},
             "too_many_series: queries/x.sql: 1001 series of a listed 'other' to fill with zeros; "
             "take 'other' out of the list"},
        Case{"MoreCombinationsThanCanBeCounted",
             std::vector<Label>(30, Closed("s", {"a", "b", "c", "d", "e"})),
             Zero,
             {},
             "too_many_series: queries/x.sql: 18446744073709551615 series, more than its "
             "'max_series' of 100; shorten its lists of label values, or raise 'max_series'"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Gauges, ReadingTest,
    testing::Values(Case{"EachWithItsOwnRules",
                         {Closed("s", {"a", "b", "c"})},
                         [](Query& query) {
                           query.gauges.resize(3);
                           query.gauges[0].missing = Missing::kZero;
                           query.gauges[1].value = "m";
                           query.gauges[2].value = "k";
                           query.gauges[2].missing = Missing::kZero;
                           query.gauges[2].nulls = Nulls::kZero;
                         },
                         {{"a", "1", kNullCell, kNullCell}, {"c", "2", "3", "4"}},
                         "a=1 b=0 c=2 | c=3 | a=0 b=0 c=4 absent 2"},
                    Case{"OnlyTheOneWithCombineNoneFails",
                         {Closed("s", {"a"})},
                         [](Query& query) {
                           query.gauges.resize(2);
                           query.gauges[1].name = "oldest_seconds";
                           query.gauges[1].value = "m";
                           query.gauges[1].combine = Combine::kNone;
                         },
                         {{"x", "1", "1"}},
                         "label_value: queries/x.sql: 1 value of label 's' would fold into other "
                         "(not in its list), which gauge 'oldest_seconds' forbids with 'combine: "
                         "none'; extend the list, or set 'combine: max' or 'combine: min'"}),
    NameOf);

TEST(MakeReadingTest, TellsRowsSeriesAndMembers) {
  Query query = MakeQuery({Closed("s", {"a", "b"}), Open("t", 2)});
  Zero(query);
  const auto outcome = Read(query, {{"a", "z", "5"}, {"a", "y", "4"}, {"b", "x", "1"}});
  const auto& reading = std::get<Reading>(outcome);
  EXPECT_EQ(Show(reading), "a/y=4 a/z=5 b/y=0 b/z=0 b/other=1 folded 1");
  EXPECT_EQ(reading.rows, 3U);
  EXPECT_EQ(reading.series, 5U);
  EXPECT_EQ(reading.members, (std::vector<std::vector<std::string>>{{}, {"y", "z"}}));
  EXPECT_EQ(reading.time, std::chrono::system_clock::time_point{});
}

TEST(MakeReadingTest, GaugesMayShareAColumn) {
  Query query = MakeQuery({});
  query.gauges.resize(2);
  Projection projection = MakeProjection(MakeQuery({}));
  projection.value_of_gauge = {0, 0};
  EXPECT_EQ(Show(MakeReading(query, projection, MakeRows(projection, {{"7"}}), kMaxRows, {})),
            "=7 | =7");
}

TEST(MakeReadingTest, MembersStayUntilTheyFallATenthBelow) {
  const Query query = MakeQuery({Open("s", 1)});
  const std::vector<std::vector<std::string>> previous = {{"a"}};
  EXPECT_EQ(Show(Read(query, {{"a", "90"}, {"b", "100"}}, ColumnType::kInteger, previous)),
            "a=90 other=100 folded 1");
  EXPECT_EQ(Show(Read(query, {{"a", "89"}, {"b", "100"}}, ColumnType::kInteger, previous)),
            "b=100 other=89 folded 1");
  EXPECT_EQ(Show(Read(query, {{"b", "1"}}, ColumnType::kInteger, previous)), "b=1");
}

TEST(MakeReadingTest, TakesFormerMembersOfAnotherHeaderAsTheyCome) {
  const Query query = MakeQuery({Open("s", 1), Open("t", 1)});
  EXPECT_EQ(Show(Read(query, {{"a", "x", "1"}}, ColumnType::kInteger, {{"q", "r", "s"}})), "a/x=1");
  EXPECT_EQ(Show(Read(MakeQuery({}), {{"1"}}, ColumnType::kInteger, {{"q"}, {"r"}})), "=1");
}

TEST(MakeReadingTest, FailsBeyondTheRowLimit) {
  Cells cells;
  for (std::size_t i = 0; i < kMaxRows; ++i) cells.push_back({"v" + std::to_string(i), "1"});
  Query query = MakeQuery({Open("s", 1)});
  EXPECT_EQ(Show(Read(query, cells)), "v0=1 other=999 folded 999");
  cells.push_back({"v", "1"});
  EXPECT_EQ(Show(Read(query, cells)),
            "too_many_rows: queries/x.sql: more than 1000 rows; group them in the statement, or "
            "raise 'limits.rows' in config.yaml");
}

TEST(MakeReadingTest, FailsWhereTheTypeChangedSinceItWasDescribed) {
  const Query query = MakeQuery({});
  const Projection projection = MakeProjection(query);
  const test::FakeRows rows({{"2024-01-01"}}, {1082});
  EXPECT_EQ(Show(MakeReading(query, projection, rows, kMaxRows, {})),
            "type: queries/x.sql: column 'value' is no longer bigint, so a table or view was "
            "changed; the next sample looks at its type again");
}

TEST(MakeReadingTest, ReadsEachTypeOfValue) {
  const Query query = MakeQuery({});
  EXPECT_EQ(Show(Read(query, {{"-3"}}, ColumnType::kInteger)), "=-3");
  EXPECT_EQ(Show(Read(query, {{"0.500000000000000000000000000001"}}, ColumnType::kNumeric)),
            "=0.5");
  EXPECT_EQ(Show(Read(query, {{"2.5e+01"}}, ColumnType::kFloat)), "=25");
  EXPECT_EQ(Show(Read(query, {{"t"}}, ColumnType::kBoolean)), "=1");
  EXPECT_EQ(Show(Read(query, {{"f"}}, ColumnType::kBoolean)), "=0");
}

TEST(MakeReadingTest, FailsOnWhatIsNoFiniteNumber) {
  for (const char* text : {"NaN", "Infinity", "-Infinity", "1e400"}) {
    EXPECT_EQ(Show(Read(MakeQuery({}), {{text}}, ColumnType::kFloat)),
              "type: queries/x.sql: column 'value' holds NaN, infinity or a number beyond double "
              "precision; leave such rows out with WHERE");
  }
}

TEST(MakeReadingTest, FailsWhereASumOverflows) {
  const Query query = MakeQuery({Closed("s", {"a"})});
  EXPECT_EQ(Show(Read(query, {{"x", "1e308"}, {"y", "1e308"}}, ColumnType::kFloat)),
            "type: queries/x.sql: gauge 'items' adds up to more than a double holds; scale column "
            "'value' down, or set 'combine: max'");
}

TEST(MakeReadingTest, RanksTotalsThatOverflow) {
  EXPECT_EQ(Show(Read(MakeQuery({Open("s", 1), Open("t", 2)}),
                      {{"a", "x", "1.7e308"}, {"a", "y", "1.7e308"}, {"b", "x", "1"}},
                      ColumnType::kFloat))
                .substr(0, 4),
            "a/x=");
}

}  // namespace
}  // namespace tidegauge
