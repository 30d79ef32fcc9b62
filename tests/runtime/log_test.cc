#include "runtime/log.h"

#include <gtest/gtest.h>

#include <regex>

namespace tidegauge {
namespace {

// What `write` puts on stderr, its timestamps replaced by T.
template <typename Write>
std::string Logged(const LogOptions& options, Write write) {
  InitLog(options);
  testing::internal::CaptureStderr();
  write();
  const std::string text = testing::internal::GetCapturedStderr();
  InitLog({});
  static const std::regex timestamp(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  return std::regex_replace(text, timestamp, "T");
}

TEST(LogTest, WritesOneJsonObjectALineWithLabelsBeforeFields) {
  const LogOptions options{LogLevel::kInfo, LogFormat::kJson, {{"environment", "dev"}}};
  EXPECT_EQ(Logged(options,
                   [] {
                     Log(LogLevel::kWarn, "sample failed",
                         {{"query", "workflow/items"},
                          {"duration_seconds", 0.25},
                          {"rows", std::int64_t{3}},
                          {"up", false}});
                   }),
            R"({"timestamp":"T","level":"warn","service":"tidegauge","message":"sample failed",)"
            R"("environment":"dev","query":"workflow/items","duration_seconds":0.25,"rows":3,)"
            R"("up":false})"
            "\n");
}

TEST(LogTest, WritesTextOnRequest) {
  EXPECT_EQ(Logged({LogLevel::kInfo, LogFormat::kText, {}},
                   [] {
                     Log(LogLevel::kError, "no", {{"query", "a b"}});
                   }),
            "T error tidegauge: no query=\"a b\"\n");
}

TEST(LogTest, LeavesOutWhatIsBelowTheLevel) {
  EXPECT_EQ(Logged({LogLevel::kWarn, LogFormat::kText, {}},
                   [] {
                     Log(LogLevel::kInfo, "hidden");
                     EXPECT_FALSE(LogEnabled(LogLevel::kInfo));
                     EXPECT_TRUE(LogEnabled(LogLevel::kWarn));
                   }),
            "");
}

TEST(LogTest, NoTextCanForgeALine) {
  struct Case {
    const char* name;
    const char* text;
    const char* escaped;
  };
  const Case cases[] = {
      {"line break", "a\n{\"level\":\"error\"}", R"(a\n{\"level\":\"error\"})"},
      {"terminal escape", "\x1b[31mred", R"(\u001b[31mred)"},
      {"C1 control", "\xc2\x9b[31m", R"(\u009b[31m)"},
      {"carriage return and delete", "\r\x7f", R"(\u000d\u007f)"},
      {"backslash", "\\n", R"(\\n)"},
      {"not UTF-8", "a\xff\xc0\xafz", "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz"},
      {"surrogate", "\xed\xa0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"cut sequence", "\xe2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"umlauts and emoji", "\xc3\xa4\xf0\x9f\x8c\x8a", "\xc3\xa4\xf0\x9f\x8c\x8a"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(
        Logged({LogLevel::kInfo, LogFormat::kJson, {}}, [&] { Log(LogLevel::kInfo, c.text); }),
        std::string(R"({"timestamp":"T","level":"info","service":"tidegauge","message":")") +
            c.escaped + "\"}\n");
  }
}

TEST(LogTest, ParsesWhatTheFlagsTake) {
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("error"), LogLevel::kError);
  EXPECT_EQ(ParseLogLevel("warning"), std::nullopt);
  EXPECT_EQ(ParseLogFormat("text"), LogFormat::kText);
  EXPECT_EQ(ParseLogFormat("logfmt"), std::nullopt);
}

}  // namespace
}  // namespace tidegauge
