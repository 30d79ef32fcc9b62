#include <gtest/gtest.h>

#include <string>

#include "gauge/fake_rows.h"
#include "gauge/reading.h"

namespace tidegauge {
namespace {

using test::Closed;
using test::MakeColumn;
using test::MakeQuery;
using test::Open;
using Type = ColumnType;

// "labels status; values value, oldest; gauges 0 1", or the failure.
std::string Show(const std::variant<Projection, Failure>& outcome) {
  if (const auto* failure = std::get_if<Failure>(&outcome)) return test::Show(*failure);
  const auto& projection = std::get<Projection>(outcome);
  std::string text = "labels";
  for (const Column& column : projection.labels) text += " " + column.name;
  text += "; values";
  for (const Column& column : projection.values) text += " " + column.name;
  text += "; gauges";
  for (const std::size_t i : projection.value_of_gauge) text += " " + std::to_string(i);
  return text;
}

struct Case {
  const char* name;
  std::vector<Label> labels;
  std::vector<std::string> values;  // one per gauge; empty: not named
  std::vector<Column> columns;
  const char* expected;
};

class ProjectionTest : public testing::TestWithParam<Case> {};

TEST_P(ProjectionTest, Projects) {
  const Case& param = GetParam();
  Query query = MakeQuery(param.labels);
  query.gauges.resize(param.values.size());
  for (std::size_t i = 0; i < param.values.size(); ++i) {
    query.gauges[i].name = i == 0 ? "items" : "items_" + std::to_string(i);
    query.gauges[i].value = param.values[i];
  }
  EXPECT_EQ(Show(Project(query, param.columns)), param.expected);
}

const Label kStatus = Closed("status", {"a", "b"});
const Column kStatusText = MakeColumn("status", Type::kText);
const Column kValue = MakeColumn("value", Type::kInteger);

INSTANTIATE_TEST_SUITE_P(
    Cases, ProjectionTest,
    testing::Values(Case{"ColumnNamedValue", {}, {""}, {kValue}, "labels; values value; gauges 0"},
                    Case{"OnlyColumnThatIsNoLabel",
                         {kStatus},
                         {""},
                         {MakeColumn("count", Type::kInteger), kStatusText},
                         "labels status; values count; gauges 0"},
                    Case{"UnnamedColumn",
                         {},
                         {""},
                         {MakeColumn("?column?", Type::kInteger)},
                         "labels; values ?column?; gauges 0"},
                    Case{"LabelsInHeaderOrder",
                         {kStatus, Open("kind", 3)},
                         {""},
                         {kValue, MakeColumn("kind", Type::kInteger), kStatusText},
                         "labels status kind; values value; gauges 0"},
                    Case{"SeveralGauges",
                         {},
                         {"waiting", "oldest"},
                         {MakeColumn("oldest", Type::kNumeric),
                          MakeColumn("waiting", Type::kInteger)},
                         "labels; values waiting oldest; gauges 0 1"},
                    Case{"GaugesThatShareAColumn",
                         {},
                         {"n", "m", "n"},
                         {MakeColumn("n", Type::kInteger), MakeColumn("m", Type::kFloat)},
                         "labels; values n m; gauges 0 1 0"},
                    Case{"LabelNamedValue",
                         {Closed("value", {"a"})},
                         {""},
                         {MakeColumn("value", Type::kText), MakeColumn("n", Type::kInteger)},
                         "labels value; values n; gauges 0"},
                    Case{"BooleanValueAndLabel",
                         {Closed("paid", {"true", "false"})},
                         {""},
                         {MakeColumn("paid", Type::kBoolean), MakeColumn("value", Type::kBoolean)},
                         "labels paid; values value; gauges 0"}),
    [](const auto& param) { return std::string(param.param.name); });

INSTANTIATE_TEST_SUITE_P(
    WrongColumns, ProjectionTest,
    testing::Values(
        Case{"LabelMissing",
             {kStatus},
             {""},
             {kValue},
             "columns: queries/x.sql: no column 'status' for the label of that name in the result: "
             "its column is 'value'; select it, or take it out of 'labels:'"},
        Case{
            "LabelMisspelt",
            {kStatus},
            {""},
            {MakeColumn("statsu", Type::kText), kValue},
            "columns: queries/x.sql: no column 'status' for the label of that name in the result "
            "(did you mean 'statsu'?): its columns are 'statsu' and 'value'; select it, or take it "
            "out of 'labels:'"},
        Case{"ValueMissing",
             {},
             {"waiting"},
             {MakeColumn("waitng", Type::kInteger)},
             "columns: queries/x.sql: no column 'waiting' for gauge 'items' in the result (did you "
             "mean 'waitng'?): its column is 'waitng'; select it, or correct 'value:'"},
        Case{
            "OnlyLabels",
            {kStatus},
            {""},
            {kStatusText},
            "columns: queries/x.sql: no column 'value' for gauge 'items' in the result: its column "
            "is 'status'; select its number AS value"},
        Case{
            "NoColumns",
            {},
            {""},
            {},
            "columns: queries/x.sql: no column 'value' for gauge 'items' in the result: the result "
            "has no columns; select its number AS value"},
        Case{"SeveralThatCouldBeTheValue",
             {},
             {""},
             {MakeColumn("a", Type::kInteger), MakeColumn("b", Type::kInteger),
              MakeColumn("c", Type::kInteger)},
             "columns: queries/x.sql: which column is the value of gauge 'items'? 'a', 'b' and 'c' "
             "are no labels; select its number AS value, or name it with 'value:'"},
        Case{"ValueIsALabel",
             {Closed("kind", {"1"})},
             {"kind"},
             {MakeColumn("kind", Type::kInteger)},
             "columns: queries/x.sql: column 'kind' is a label and cannot be the value of gauge "
             "'items' too; select it twice under two names"},
        Case{"ColumnTooMuch",
             {},
             {""},
             {kValue, MakeColumn("created_at", Type::kTimestamp)},
             "columns: queries/x.sql: column 'created_at' is neither a label nor a value; leave it "
             "out, or name it in the header"},
        Case{
            "ValueTwice",
            {},
            {""},
            {kValue, kValue},
            "columns: queries/x.sql: column 'value' is in the result twice; leave one out, or give "
            "it another name with AS"},
        Case{
            "ColumnThatNobodyNamesTwice",
            {},
            {"value"},
            {MakeColumn("id", Type::kInteger), MakeColumn("id", Type::kInteger), kValue},
            "columns: queries/x.sql: column 'id' is in the result twice; leave one out, or give it "
            "another name with AS"}),
    [](const auto& param) { return std::string(param.param.name); });

Case LabelType(const char* name, Type type, const char* expected) {
  return {name, {kStatus}, {""}, {MakeColumn("status", type), kValue}, expected};
}
Case ValueType(const char* name, Type type, const char* expected) {
  return {name, {}, {"oldest"}, {MakeColumn("oldest", type)}, expected};
}

INSTANTIATE_TEST_SUITE_P(
    Types, ProjectionTest,
    testing::Values(
        LabelType("LabelText", Type::kText, "labels status; values value; gauges 0"),
        LabelType("LabelInteger", Type::kInteger, "labels status; values value; gauges 0"),
        LabelType("LabelBoolean", Type::kBoolean, "labels status; values value; gauges 0"),
        LabelType(
            "LabelTimestamp", Type::kTimestamp,
            "type: queries/x.sql: label 'status' is timestamp with time zone, and a label must "
            "be text, integer, boolean, enum or the like; leave it out, or put it into a few "
            "classes: CASE WHEN … END AS status"),
        LabelType(
            "LabelDate", Type::kDate,
            "type: queries/x.sql: label 'status' is date, and a label must be text, integer, "
            "boolean, enum or the like; leave it out, or put it into a few classes: CASE WHEN "
            "… END AS status"),
        LabelType("LabelInterval", Type::kInterval,
                  "type: queries/x.sql: label 'status' is interval, and a label must be text, "
                  "integer, boolean, enum or the like; leave it out, or put it into a few classes: "
                  "CASE WHEN … END AS status"),
        LabelType(
            "LabelFloat", Type::kFloat,
            "type: queries/x.sql: label 'status' is double precision, and a label must be "
            "text, integer, boolean, enum or the like; cast it, (…)::bigint AS status, or put "
            "it into a few classes: CASE WHEN … END AS status"),
        LabelType("LabelNumeric", Type::kNumeric,
                  "type: queries/x.sql: label 'status' is numeric, and a label must be text, "
                  "integer, boolean, enum or the like; cast it, (…)::bigint AS status, or put it "
                  "into a few classes: CASE WHEN … END AS status"),
        LabelType(
            "LabelJson", Type::kOther,
            "type: queries/x.sql: label 'status' is jsonb, and a label must be text, integer, "
            "boolean, enum or the like; select one text of it, or cast it: (…)::text AS "
            "status"),
        ValueType("ValueInteger", Type::kInteger, "labels; values oldest; gauges 0"),
        ValueType("ValueNumeric", Type::kNumeric, "labels; values oldest; gauges 0"),
        ValueType("ValueFloat", Type::kFloat, "labels; values oldest; gauges 0"),
        ValueType("ValueBoolean", Type::kBoolean, "labels; values oldest; gauges 0"),
        ValueType("ValueDate", Type::kDate,
                  "type: queries/x.sql: column 'oldest' is date, and a value must be a number or "
                  "boolean; write extract(epoch FROM …) AS oldest"),
        ValueType("ValueInterval", Type::kInterval,
                  "type: queries/x.sql: column 'oldest' is interval, and a value must be a number "
                  "or boolean; write extract(epoch FROM …) AS oldest"),
        ValueType("ValueText", Type::kText,
                  "type: queries/x.sql: column 'oldest' is text, and a value must be a number or "
                  "boolean; count rows, or cast it: (…)::numeric AS oldest"),
        ValueType("ValueJson", Type::kOther,
                  "type: queries/x.sql: column 'oldest' is jsonb, and a value must be a number or "
                  "boolean; select a number of it, or cast it: (…)::numeric AS oldest")),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ProjectionTest, QuotesANameThatNeedsItInTheCure) {
  EXPECT_EQ(Show(Project(MakeQuery({}), {MakeColumn("Oldest one", Type::kDate)})),
            "type: queries/x.sql: column 'Oldest one' is date, and a value must be a number or "
            "boolean; write extract(epoch FROM …) AS \"Oldest one\"");
}

TEST(ProjectionTest, ListsTenColumnsAndCountsTheRest) {
  std::vector<Column> columns;
  for (int i = 0; i < 12; ++i) columns.push_back(MakeColumn("c" + std::to_string(i), Type::kText));
  Query query = MakeQuery({});
  query.gauges[0].value = "number";
  EXPECT_EQ(
      Show(Project(query, columns)),
      "columns: queries/x.sql: no column 'number' for gauge 'items' in the result: its columns "
      "are 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9' and 2 more; select it, "
      "or correct 'value:'");
}

TEST(ProjectionTest, KeepsTheTypesAsDescribed) {
  const auto outcome = Project(MakeQuery({kStatus}), {kStatusText, kValue});
  const auto& projection = std::get<Projection>(outcome);
  EXPECT_EQ(projection.labels[0].type_oid, test::kTextOid);
  EXPECT_EQ(projection.values[0].type_oid, test::kBigintOid);
}

}  // namespace
}  // namespace tidegauge
