// Holds docs/configuration.md and the shipped config.yaml to the keys that the parser knows and to
// the defaults of its structs.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "config/fault_text.h"
#include "config/keys.h"
#include "config/load.h"

namespace tidegauge {
namespace {

std::string ReadSource(const std::string& file) {
  std::ifstream stream(std::string(TIDEGAUGE_SOURCE_DIR "/") + file);
  EXPECT_TRUE(stream) << file;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::map<std::string, std::string> KnownKeys() {
  std::map<std::string, std::string> keys;
  for (const ConfigKey& key : ConfigKeys()) keys[key.path] = key.fallback;
  return keys;
}

TEST(ConfigDocumentationTest, HasEveryKeyWithItsDefault) {
  std::map<std::string, std::string> documented;
  std::istringstream lines(ReadSource("docs/configuration.md"));
  const std::regex row(R"(^\| `([^`]+)` \| (?:`([^`]+)`|–) \| .+ \|$)");
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (std::regex_match(line, found, row)) documented[found[1]] = found[2];
  }
  EXPECT_EQ(documented, KnownKeys());
}

// config.yaml with the keys that are commented out put in.
std::string Uncommented(const std::string& text) {
  std::istringstream lines(text);
  const std::regex commented(R"(^#( *[a-z_]+:.*| +#.*)$)");
  std::string all;
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    all += (std::regex_match(line, found, commented) ? found[1].str() : line) + "\n";
  }
  return all;
}

TEST(ShippedConfigTest, SetsNothingButDefaults) {
  std::vector<Fault> faults;
  const auto shipped =
      ParseConfig("config.yaml", ReadSource("config.yaml"), EnvironmentOf({}), faults);
  const auto defaults = ParseConfig("config.yaml", "", EnvironmentOf({}), faults);
  EXPECT_EQ(TextOf(faults), "");
  ASSERT_TRUE(shipped && defaults);
  EXPECT_EQ(*shipped, *defaults);
}

TEST(ShippedConfigTest, IsRightWithEveryKeySet) {
  std::string text = Uncommented(ReadSource("config.yaml"));
  // The one key that cannot stand beside another.
  const std::size_t url_file = text.find("    url_file:");
  ASSERT_NE(url_file, std::string::npos);
  text.erase(url_file, text.find('\n', url_file) + 1 - url_file);
  std::vector<Fault> faults;
  const auto config =
      ParseConfig("config.yaml", text, EnvironmentOf({{"DATABASE_URL", "x"}}), faults);
  EXPECT_EQ(TextOf(faults), "");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->databases.at(0).url, "x");
  EXPECT_EQ(config->databases.at(0).max_connections, DatabaseConfig{}.max_connections);
  EXPECT_EQ(config->databases.at(0).apply_row_security, DatabaseConfig{}.apply_row_security);
}

TEST(ShippedConfigTest, HasEveryKeyAndItsDefault) {
  const std::string text = Uncommented(ReadSource("config.yaml"));
  std::map<std::string, std::string> found;
  std::istringstream lines(text);
  std::vector<std::string> path;  // of the line before, one key an indentation of two
  const std::regex key_line(R"(^( *)([a-z_]+):(?: +(.*))?$)");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, key_line)) continue;
    path.resize(static_cast<std::size_t>(match[1].length()) / 2);
    path.push_back(match[2]);
    std::string joined;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const bool is_name = i == 1 && path[0] == "databases";
      joined += (i == 0 ? "" : ".") + (is_name ? "<name>" : path[i]);
    }
    found[joined] = match[3];
  }
  for (const auto& [key, fallback] : KnownKeys()) {
    ASSERT_TRUE(found.contains(key)) << key;
    if (fallback.empty()) continue;
    EXPECT_EQ(found[key], fallback) << key;
  }
}

TEST(KeysUnderTest, NamesChildrenOnce) {
  using Keys = std::vector<std::string_view>;
  EXPECT_EQ(KeysUnder("log"), (Keys{"level", "format"}));
  EXPECT_EQ(KeysUnder(""),
            (Keys{"labels", "databases", "queries", "params", "defaults", "limits", "web", "log"}));
}

}  // namespace
}  // namespace tidegauge
