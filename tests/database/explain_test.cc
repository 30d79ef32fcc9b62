// What is hard to produce on a server: other languages, rare codes.
#include "database/explain.h"

#include <gtest/gtest.h>

#include "database/condition_names.h"
#include "database/one_line.h"

namespace tidegauge {
namespace {

CallContext Context() {
  CallContext context;
  context.file = "queries/x.sql";
  context.database = "app";
  context.role = "reader";
  context.timeout = std::chrono::seconds(5);
  context.elapsed = std::chrono::milliseconds(10);
  return context;
}

ServerError Error(const std::string& sqlstate, const std::string& message) {
  ServerError error;
  error.sqlstate = sqlstate;
  error.message = message;
  return error;
}

TEST(ExplainTest, EachSqlstateHasItsReason) {
  const std::pair<const char*, Reason> cases[] = {
      {"08000", Reason::kConnect},    {"08006", Reason::kConnect},
      {"08P01", Reason::kConnect},    {"28000", Reason::kConnect},
      {"28P01", Reason::kConnect},    {"3D000", Reason::kConnect},
      {"53300", Reason::kConnect},    {"57P01", Reason::kConnect},
      {"57P02", Reason::kConnect},    {"57P03", Reason::kConnect},
      {"57P04", Reason::kConnect},    {"57P05", Reason::kConnect},
      {"57014", Reason::kCancelled},  {"55P03", Reason::kLockTimeout},
      {"42501", Reason::kPermission}, {"25006", Reason::kReadOnly},
      {"22003", Reason::kType},       {"22012", Reason::kSql},
      {"23505", Reason::kSql},        {"40001", Reason::kSql},
      {"40P01", Reason::kSql},        {"53200", Reason::kSql},
      {"53100", Reason::kSql},        {"54000", Reason::kSql},
      {"57000", Reason::kSql},        {"58030", Reason::kSql},
      {"XX000", Reason::kSql},        {"P0001", Reason::kSql},
      {"0A000", Reason::kSql},        {"3F000", Reason::kSql},
      {"25P02", Reason::kSql},
  };
  for (const auto& [sqlstate, reason] : cases) {
    const Failure failure = ExplainServerError(Error(sqlstate, "message"), Context());
    EXPECT_EQ(failure.reason, reason) << sqlstate;
    EXPECT_EQ(failure.sqlstate, sqlstate);
    EXPECT_NE(failure.message.find(std::string("(") + sqlstate + ")"), std::string::npos)
        << failure.message;
  }
}

TEST(ExplainTest, TimeoutBeginsWhereTheTimeoutHasPassed) {
  CallContext context = Context();
  const ServerError error = Error("57014", "canceling statement");
  context.elapsed = std::chrono::milliseconds(4900);
  EXPECT_EQ(ExplainServerError(error, context).reason, Reason::kCancelled);
  context.elapsed = std::chrono::milliseconds(5001);
  EXPECT_EQ(ExplainServerError(error, context).reason, Reason::kTimeout);
}

TEST(ExplainTest, PermissionInAnotherLanguageStillSaysWhatToDo) {
  EXPECT_EQ(
      ExplainServerError(Error("42501", "keine Berechtigung für Tabelle items"), Context()).message,
      "queries/x.sql: keine Berechtigung für Tabelle items (42501); role reader lacks a "
      "privilege: as the owner of what is named, GRANT SELECT ON <table> TO reader; (EXECUTE "
      "ON FUNCTION, USAGE ON SCHEMA)");
}

TEST(ExplainTest, RowSecurityIsKnownInAnyLanguage) {
  ServerError error = Error(
      "42501", "Anfrage würde von Policy für Sicherheit auf Zeilenebene für »\"items\"« betroffen");
  error.function = "check_enable_rls";
  EXPECT_NE(ExplainServerError(error, Context())
                .message.find("row-level security would hide rows of table \"items\" from role"),
            std::string::npos);
}

TEST(ExplainTest, RoleIsQuotedWhereItMustBe) {
  CallContext context = Context();
  context.role = "Odd-Role";
  EXPECT_EQ(
      ExplainServerError(Error("42501", "permission denied for table items"), context).message,
      "queries/x.sql: permission denied for table items (42501); as its owner: GRANT SELECT ON "
      "items TO \"Odd-Role\";");
}

TEST(ExplainTest, WithoutAFileTheLineIsNamed) {
  CallContext context = Context();
  context.file.clear();
  ServerError error = Error("42703", "column \"x\" does not exist");
  error.line = 7;
  error.column = 9;
  EXPECT_EQ(ExplainServerError(error, context).message,
            "line 7, column 9: column \"x\" does not exist (42703)");
}

TEST(ExplainTest, FirstLineIsOursAndNotTheFiles) {
  ServerError error = Error("42703", "column q.x does not exist");
  error.line = 1;
  error.column = 8;
  EXPECT_EQ(ExplainServerError(error, Context()).message,
            "queries/x.sql: column q.x does not exist (42703)");
}

TEST(ConditionNamesTest, UnknownCodesHaveTheirClassName) {
  EXPECT_EQ(ConditionName("22012"), "division_by_zero");
  EXPECT_EQ(ConditionName("22000"), "data_exception");
  EXPECT_EQ(ConditionName("23P01"), "exclusion_violation");
  EXPECT_EQ(ConditionName("22ZZZ"), "data_exception");
  EXPECT_EQ(ConditionName("23ZZZ"), "integrity_constraint_violation");
}

TEST(OneLineTest, MakesTextFitForAMessage) {
  EXPECT_EQ(OneLine("  a\r\n\tb\x01\x1b[0m  "), "a b [0m");
  EXPECT_EQ(OneLine("caf\xe9 Größe"), "caf? Größe");
  EXPECT_EQ(OneLine(""), "");
  EXPECT_EQ(OneLine(std::string(5000, 'x')).size(), 601 + std::string("…").size());
}

}  // namespace
}  // namespace tidegauge
