#include "gauge/fault.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

TEST(FaultTest, PutsTheCaretUnderTheColumn) {
  const Fault fault{
      Severity::kError, "queries/x.sql", 3, 4, "unknown key 'evry' (did you mean 'every'?)",
      "-- evry: 1m"};
  EXPECT_EQ(FormatFault(fault),
            "queries/x.sql:3:4: error: unknown key 'evry' (did you mean 'every'?)\n"
            "-- evry: 1m\n"
            "   ^");
}

TEST(FaultTest, CountsCharactersAndNotBytesUnderTheLine) {
  const Fault fault{Severity::kWarning, "x.sql", 1, 10, "odd", "-- größe: 1"};
  EXPECT_EQ(FormatFault(fault),
            "x.sql:1:10: warning: odd\n"
            "-- größe: 1\n"
            "       ^");
}

TEST(FaultTest, KeepsTabsUnderTabs) {
  const Fault fault{Severity::kError, "x.sql", 1, 2, "odd", "\tSELECT"};
  EXPECT_EQ(FormatFault(fault), "x.sql:1:2: error: odd\n\tSELECT\n\t^");
}

TEST(FaultTest, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(FormatFault({Severity::kError, "x.sql", 0, 0, "odd", ""}), "x.sql: error: odd");
  EXPECT_EQ(FormatFault({Severity::kError, "x.sql", 7, 0, "odd", "SELECT"}),
            "x.sql:7: error: odd\nSELECT");
}

TEST(FaultTest, PutsTheCaretBehindTheLineAtMost) {
  EXPECT_EQ(FormatFault({Severity::kError, "x", 1, 99, "odd", "ab"}),
            "x:1:99: error: odd\nab\n  ^");
}

TEST(FaultTest, EscapesWhatCouldForgeALine) {
  const Fault fault{Severity::kError, "x\n.sql", 1, 6, "a\x1b[31m\nb\xff\xe2\x80\xae",
                    "a\x1b\x80z"};
  EXPECT_EQ(FormatFault(fault),
            "x\\n.sql:1:6: error: a\\x1b[31m\\nb\\xff\\u202e\n"
            "a\\x1b\\x80z\n"
            "          ^");
}

TEST(FaultTest, SuggestsTheNearestWord) {
  const std::vector<std::string_view> keys = {"gauge",    "gauges",     "every", "timeout",
                                              "keep_for", "max_series", "nulls", "link"};
  const std::pair<const char*, const char*> cases[] = {
      {"evry", " (did you mean 'every'?)"},
      {"evrey", " (did you mean 'every'?)"},
      {"Every", " (did you mean 'every'?)"},
      {"keep-for", " (did you mean 'keep_for'?)"},
      {"null", " (did you mean 'nulls'?)"},
      {"guage", " (did you mean 'gauge'?)"},
      {"maxseries", " (did you mean 'max_series'?)"},
      {"description", ""},
      {"", ""},
      {"x", ""},
  };
  for (const auto& [word, text] : cases) EXPECT_EQ(DidYouMean(word, keys), text) << word;
  EXPECT_EQ(DidYouMean(std::string(100'000, 'e'), keys), "");
}

TEST(FaultTest, FindsALineOfTheText) {
  EXPECT_EQ(SourceLine("\xEF\xBB\xBF"
                       "a\r\nb\n\nc",
                       1),
            "a");
  EXPECT_EQ(SourceLine("a\r\nb\n\nc", 2), "b");
  EXPECT_EQ(SourceLine("a\r\nb\n\nc", 3), "");
  EXPECT_EQ(SourceLine("a\r\nb\n\nc", 4), "c");
  EXPECT_EQ(SourceLine("a\r\nb\n\nc", 5), "");
  EXPECT_EQ(SourceLine("a", 0), "");
  EXPECT_EQ(SourceLine(std::string(100'000, 'a'), 1), "");
}

TEST(FaultTest, CutsLongQuotations) {
  EXPECT_EQ(Quoted("abc"), "'abc'");
  EXPECT_EQ(Quoted(std::string(81, 'a')), "'" + std::string(80, 'a') + "…'");
  std::string long_text(79, 'a');
  long_text += "äöü";
  EXPECT_EQ(Quoted(long_text), "'" + std::string(79, 'a') + "ä…'");
}

TEST(FaultTest, TellsErrorsFromWarnings) {
  EXPECT_FALSE(HasErrors({}));
  EXPECT_FALSE(HasErrors({{Severity::kWarning, "x", 1, 1, "odd", ""}}));
  EXPECT_TRUE(HasErrors({{Severity::kWarning, "x", 1, 1, "odd", ""}, {}}));
}

}  // namespace
}  // namespace tidegauge
