// docs/gauge-files.md says what is true.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gauge/fake_rows.h"
#include "gauge/gauge_file.h"
#include "gauge/header_reader.h"

namespace tidegauge {
namespace {

std::string Page() {
  std::ifstream in(TIDEGAUGE_DOCS "/gauge-files.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The code blocks of one language.
std::vector<std::string> Blocks(const std::string& page, const std::string& language) {
  std::vector<std::string> blocks;
  const std::string fence = "\n```" + language + "\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    blocks.push_back(page.substr(at, page.find("\n```", at) + 1 - at));
  }
  return blocks;
}

TEST(GaugeFilesDocTest, HasExamplesWithoutFault) {
  const std::vector<std::string> blocks = Blocks(Page(), "sql");
  EXPECT_GE(blocks.size(), 6U);
  for (const std::string& block : blocks) {
    std::vector<Fault> faults;
    EXPECT_TRUE(ParseGaugeFile("x.sql", "x", block, {}, faults).has_value()) << block;
    for (const Fault& fault : faults) ADD_FAILURE() << FormatFault(fault);
  }
}

TEST(GaugeFilesDocTest, HasARowForEveryKey) {
  const std::string page = Page();
  for (const std::string_view key : HeaderKeys()) {
    EXPECT_NE(page.find("\n| `" + std::string(key) + "` |"), std::string::npos) << key;
  }
}

TEST(GaugeFilesDocTest, UsesEveryKeyInItsExamples) {
  std::string all;
  for (const std::string& block : Blocks(Page(), "sql")) all += block;
  for (const std::string_view key : HeaderKeys()) {
    EXPECT_NE(all.find("-- " + std::string(key) + ":"), std::string::npos) << key;
  }
}

// The worked example's rows, through the code, are the worked example's lines.
TEST(GaugeFilesDocTest, WorksItsExampleRight) {
  const std::string page = Page();
  const std::string section = page.substr(page.find("### A worked example"));
  std::vector<Fault> faults;
  const auto query = ParseGaugeFile("x.sql", "x", Blocks(section, "sql").at(0), {}, faults);
  ASSERT_TRUE(query.has_value());
  const Projection projection = test::MakeProjection(*query);
  test::Cells cells;
  std::size_t at = section.find("| --- |");
  for (at = section.find("\n| ", at) + 3; at > 3; at = section.find("\n| ", at) + 3) {
    std::vector<test::Cell> row;
    for (int i = 0; i < 3; ++i) {
      const std::size_t end = section.find(" |", at);
      const std::string text = section.substr(at, end - at);
      row.push_back(text == "NULL" ? test::kNullCell : test::Cell(text));
      at = end + 3;
    }
    cells.push_back(std::move(row));
    if (section.find("\n| ", at) != section.find('\n', at)) break;
  }
  EXPECT_EQ(cells.size(), 6U);
  const auto rows = test::MakeRows(projection, cells);
  const auto outcome = MakeReading(*query, projection, rows, 10'000, {});
  ASSERT_TRUE(std::holds_alternative<Reading>(outcome)) << test::Show(outcome);
  const Reading& reading = std::get<Reading>(outcome);
  std::string lines;
  for (const Series& series : reading.gauges.at(0).series) {
    lines += "workflow_items{database=\"app\",status=\"" + series.labels[0] + "\",team=\"" +
             series.labels[1] + "\"} " + std::to_string(static_cast<int>(series.value)) + "\n";
  }
  EXPECT_EQ(Blocks(section, "text").at(0), lines);
  EXPECT_EQ(reading.folded_values, 3U);
}

}  // namespace
}  // namespace tidegauge
