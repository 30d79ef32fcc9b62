#include "exposition/text_format.h"

#include <gtest/gtest.h>

namespace tidegauge {
namespace {

using namespace std::string_view_literals;

constexpr PageFormat kText = PageFormat::kText;
constexpr PageFormat kOpenMetrics = PageFormat::kOpenMetrics;

TEST(TextFormatTest, EscapesLabelValues) {
  const struct {
    const char* name;
    std::string_view value;
    std::string_view expected;
  } cases[] = {
      {"plain", "draft", R"(l="draft")"},
      {"empty", "", R"(l="")"},
      {"quote", R"(a"b)", R"(l="a\"b")"},
      {"backslash", R"(a\b)", R"(l="a\\b")"},
      {"backslash n is no line break", R"(a\n)", R"(l="a\\n")"},
      {"line break", "a\nb", R"(l="a\nb")"},
      {"all in a row", "\\\"\n", R"(l="\\\"\n")"},
      {"at the ends", "\nx\"", R"(l="\nx\"")"},
      {"tab and carriage return stay", "a\t\rb", "l=\"a\t\rb\""},
      {"braces and commas stay", "}{,=#", R"(l="}{,=#")"},
      {"two, three and four bytes", "é€😀", R"(l="é€😀")"},
      {"NUL", "a\0b"sv,
       "l=\"a\xEF\xBF\xBD"
       "b\""},
      {"byte that begins nothing", "a\xFFz", "l=\"a\xEF\xBF\xBDz\""},
      {"cut off", "a\xC3", "l=\"a\xEF\xBF\xBD\""},
      {"overlong", "\xC0\xAF", "l=\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"surrogate", "\xED\xA0\x80", "l=\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80",
       "l=\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
  };
  for (const auto& c : cases) {
    std::string out;
    AppendLabel(out, "l", c.value);
    EXPECT_EQ(out, c.expected) << c.name;
  }
}

TEST(TextFormatTest, EscapesQuotesOfHelpInOpenMetricsAlone) {
  const struct {
    const char* name;
    std::string_view help;
    std::string_view text;
    std::string_view openmetrics;
  } cases[] = {
      {"plain", "Items.", "Items.", "Items."},
      {"empty", "", "", ""},
      {"line break", "One.\nTwo.", R"(One.\nTwo.)", R"(One.\nTwo.)"},
      {"backslash", R"(C:\new)", R"(C:\\new)", R"(C:\\new)"},
      {"quote", R"(Items "in review".)", R"(Items "in review".)", R"(Items \"in review\".)"},
      {"not UTF-8", "a\xFF.", "a\xEF\xBF\xBD.", "a\xEF\xBF\xBD."},
  };
  for (const auto& c : cases) {
    std::string text, openmetrics;
    AppendHelp(text, kText, c.help);
    AppendHelp(openmetrics, kOpenMetrics, c.help);
    EXPECT_EQ(text, c.text) << c.name;
    EXPECT_EQ(openmetrics, c.openmetrics) << c.name;
  }
}

TEST(TextFormatTest, WritesFamilyHeadersAsEachFormatHasThem) {
  const struct {
    const char* name;
    MetricType type;
    std::string_view text;
    std::string_view openmetrics;
  } cases[] = {
      {"items", MetricType::kGauge, "# HELP items H.\n# TYPE items gauge\n",
       "# HELP items H.\n# TYPE items gauge\n"},
      {"seen_total", MetricType::kCounter, "# HELP seen_total H.\n# TYPE seen_total counter\n",
       "# HELP seen H.\n# TYPE seen counter\n"},
      {"cpu_seconds_total", MetricType::kCounter,
       "# HELP cpu_seconds_total H.\n# TYPE cpu_seconds_total counter\n",
       "# HELP cpu_seconds H.\n# TYPE cpu_seconds counter\n# UNIT cpu_seconds seconds\n"},
      {"build_info", MetricType::kInfo, "# HELP build_info H.\n# TYPE build_info gauge\n",
       "# HELP build H.\n# TYPE build info\n"},
      // A gauge keeps its name, whatever it ends in.
      {"users_total", MetricType::kGauge, "# HELP users_total H.\n# TYPE users_total gauge\n",
       "# HELP users_total H.\n# TYPE users_total gauge\n"},
      {"wait_seconds", MetricType::kGauge, "# HELP wait_seconds H.\n# TYPE wait_seconds gauge\n",
       "# HELP wait_seconds H.\n# TYPE wait_seconds gauge\n# UNIT wait_seconds seconds\n"},
      {"size_bytes", MetricType::kGauge, "# HELP size_bytes H.\n# TYPE size_bytes gauge\n",
       "# HELP size_bytes H.\n# TYPE size_bytes gauge\n# UNIT size_bytes bytes\n"},
      // A unit is a suffix behind an underscore, and not the whole name.
      {"kilobytes", MetricType::kGauge, "# HELP kilobytes H.\n# TYPE kilobytes gauge\n",
       "# HELP kilobytes H.\n# TYPE kilobytes gauge\n"},
      {"seconds", MetricType::kGauge, "# HELP seconds H.\n# TYPE seconds gauge\n",
       "# HELP seconds H.\n# TYPE seconds gauge\n"},
  };
  for (const auto& c : cases) {
    std::string text, openmetrics;
    AppendFamilyHeader(text, kText, c.name, c.type, "H.");
    AppendFamilyHeader(openmetrics, kOpenMetrics, c.name, c.type, "H.");
    EXPECT_EQ(text, c.text) << c.name;
    EXPECT_EQ(openmetrics, c.openmetrics) << c.name;
  }
}

TEST(TextFormatTest, RewritesTextAsOpenMetrics) {
  EXPECT_EQ(ToOpenMetrics("# HELP cpu_seconds_total Time \"spent\".\n"
                          "# TYPE cpu_seconds_total counter\n"
                          "cpu_seconds_total 1.5\n"
                          "# HELP open_fds Open.\n"
                          "# TYPE open_fds gauge\n"
                          "open_fds{a=\"# HELP x_total \"} 3\n"),
            "# HELP cpu_seconds Time \\\"spent\\\".\n"
            "# TYPE cpu_seconds counter\n"
            "# UNIT cpu_seconds seconds\n"
            "cpu_seconds_total 1.5\n"
            "# HELP open_fds Open.\n"
            "# TYPE open_fds gauge\n"
            "open_fds{a=\"# HELP x_total \"} 3\n");
  EXPECT_EQ(ToOpenMetrics(""), "");
}

}  // namespace
}  // namespace tidegauge
