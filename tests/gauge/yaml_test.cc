#include "gauge/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tidegauge {
namespace {

// Parses `text` as the file x.yaml; all faults as a user would see them, without the source lines.
std::string FaultsOf(std::string_view text) {
  std::vector<Fault> faults;
  ParseYaml(text, {.file = "x", .file_text = text}, faults);
  std::string all;
  for (Fault& fault : faults) {
    fault.source.clear();
    all += FormatFault(fault) + "\n";
  }
  return all;
}

YamlNode Parse(std::string_view text) {
  std::vector<Fault> faults;
  const std::optional<YamlNode> node = ParseYaml(text, {.file = "x", .file_text = text}, faults);
  EXPECT_TRUE(faults.empty()) << FaultsOf(text);
  return node.value_or(YamlNode{});
}

std::string Place(const YamlNode& node) {
  return std::to_string(node.line) + ":" + std::to_string(node.column);
}

TEST(YamlTest, KeepsLiteralText) {
  const YamlNode root = Parse("a: [no, 1.10, 0x1F, 'null', \"\", 2024-01-01]\nb: 48 hours\n");
  ASSERT_EQ(root.kind, YamlNode::Kind::kMap);
  const YamlNode* a = root.Find("a");
  ASSERT_NE(a, nullptr);
  ASSERT_EQ(a->items.size(), 6U);
  EXPECT_EQ(a->items[0].scalar, "no");
  EXPECT_EQ(a->items[1].scalar, "1.10");
  EXPECT_EQ(a->items[2].scalar, "0x1F");
  EXPECT_EQ(a->items[3].scalar, "null");
  EXPECT_TRUE(a->items[3].quoted);
  EXPECT_EQ(a->items[4].kind, YamlNode::Kind::kScalar);
  EXPECT_EQ(a->items[5].scalar, "2024-01-01");
  EXPECT_FALSE(a->items[5].quoted);
  EXPECT_EQ(root.Find("b")->scalar, "48 hours");
  EXPECT_EQ(root.Find("c"), nullptr);
}

TEST(YamlTest, TellsNothingFromEmptyText) {
  EXPECT_EQ(Parse("").kind, YamlNode::Kind::kNull);
  EXPECT_EQ(Parse("# nothing\n").kind, YamlNode::Kind::kNull);
  const YamlNode root = Parse("a:\nb: ~\nc: null\nd: ''\ne: {}\n");
  EXPECT_EQ(root.Find("a")->kind, YamlNode::Kind::kNull);
  EXPECT_EQ(root.Find("b")->kind, YamlNode::Kind::kNull);
  EXPECT_EQ(root.Find("c")->kind, YamlNode::Kind::kNull);
  EXPECT_EQ(root.Find("d")->kind, YamlNode::Kind::kScalar);
  EXPECT_EQ(root.Find("e")->kind, YamlNode::Kind::kMap);
}

TEST(YamlTest, PlacesNodesInBytesOfTheLine) {
  const YamlNode root = Parse("größe: [ä, 'ö', b]\nlist:\n  - x\n  - y: z\nnone:\nlast: 1\n");
  EXPECT_EQ(Place(root), "1:1");
  EXPECT_EQ(Place(root.entries[0].first), "1:1");
  EXPECT_EQ(Place(root.entries[0].second), "1:10");
  EXPECT_EQ(Place(root.entries[0].second.items[0]), "1:11");
  EXPECT_EQ(Place(root.entries[0].second.items[1]), "1:15");
  EXPECT_EQ(Place(root.entries[0].second.items[2]), "1:21");
  EXPECT_EQ(Place(root.entries[1].second.items[0]), "3:5");
  EXPECT_EQ(Place(root.entries[1].second.items[1].entries[0].second), "4:8");
  EXPECT_EQ(Place(root.entries[2].second), "5:1");  // nothing: where its key stands
  EXPECT_EQ(Place(root.entries[3].first), "6:1");
}

TEST(YamlTest, PlacesNodesInTheFileItWasCutFrom) {
  const std::string_view file = "\n-- a: 1\n--b: 2\n--   c: 3\n";
  std::vector<Fault> faults;
  const YamlSource source{.file = "x", .file_text = file, .first_line = 2, .indents = {3, 2, 3}};
  const std::optional<YamlNode> root = ParseYaml("a: 1\nb: 2\n", source, faults);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(Place(root->Find("a")[0]), "2:7");
  EXPECT_EQ(Place(root->Find("b")[0]), "3:6");
  ParseYaml("a: 1\nb: 2\n  c: 3\n", source, faults);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(FormatFault(faults[0]),
            "x:4:7: error: expected no ': ' here: put text that holds ': ' in quotes, or check the "
            "indentation\n--   c: 3\n      ^");
}

TEST(YamlTest, TakesByteOrderMarkAndCrlf) {
  const YamlNode root = Parse(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: |\r\n  x\r\n  y\r\n");
  EXPECT_EQ(root.Find("a")->scalar, "1");
  EXPECT_EQ(root.Find("b")->scalar, "x\ny\n");
  EXPECT_EQ(Place(root.entries[0].first), "1:1");
  EXPECT_EQ(Place(root.entries[1].first), "2:1");
}

TEST(YamlTest, TakesOneDocumentWithItsMarks) {
  EXPECT_EQ(Parse("---\na: 1\n...\n").Find("a")->scalar, "1");
  EXPECT_EQ(Parse("# c\n---\na: 1\n").Find("a")->scalar, "1");
}

struct FaultCase {
  const char* name;
  std::string_view text;
  const char* faults;
};

TEST(YamlTest, RefusesWhatWouldPassInSilence) {
  using namespace std::string_view_literals;
  const FaultCase cases[] = {
      {"duplicate key", "a: 1\nb: 2\na: 3\n",
       "x:3:1: error: duplicate key 'a': it stands on line 1 already\n"},
      {"duplicate key in flow", "m: {a: 1, \"a\": 2}\n",
       "x:1:11: error: duplicate key 'a': it stands on line 1 already\n"},
      {"second document", "a: 1\n---\nb: 2\n",
       "x:2:1: error: expected one document, found a second one or text behind the end of the "
       "first: delete the '---', or indent the text\n"},
      {"empty second document", "a: 1\n---\n",
       "x:2:1: error: expected one document, found a second one or text behind the end of the "
       "first: delete the '---', or indent the text\n"},
      {"text behind the end", "a: 1\n...\nb: 2\n",
       "x:3:1: error: expected one document, found a second one or text behind the end of the "
       "first: delete the '---', or indent the text\n"},
      {"text behind a list", "[a] b\n",
       "x:1:5: error: expected one document, found a second one or text behind the end of the "
       "first: delete the '---', or indent the text\n"},
      {"anchor", "a: &x 1\nb: 2\n",
       "x:1:4: error: YAML anchors (&name) are not taken: write the value out, or quote the "
       "text\n"},
      {"anchor and alias", "a: &x 1\nb: *x\n",
       "x:1:4: error: YAML anchors (&name) are not taken: write the value out, or quote the text\n"
       "x:2:4: error: YAML aliases (*name) are not taken: write the value out\n"},
      {"unknown alias", "a: *x\n",
       "x:1:4: error: YAML aliases (*name) are not taken: write the value out, or quote the "
       "text\n"},
      {"anchor on a map", "a: &x {b: 1}\n",
       "x:1:4: error: YAML anchors (&name) are not taken: write the value out, or quote the "
       "text\n"},
      {"merge key", "a: &x {b: 1}\nc: {<<: *x}\n",
       "x:1:4: error: YAML anchors (&name) are not taken: write the value out, or quote the text\n"
       "x:2:9: error: YAML aliases (*name) are not taken: write the value out\n"},
      {"tag", "a: !!str 1\n",
       "x:1:4: error: YAML tags (!name) are not taken: delete it, or quote the text\n"},
      {"own tag", "a: !x [1]\n",
       "x:1:4: error: YAML tags (!name) are not taken: delete it, or quote the text\n"},
      {"bare tag", "a: ! 1\n",
       "x:1:4: error: YAML tags (!name) are not taken: delete it, or quote the text\n"},
      {"undeclared tag", "a: !q!x 1\n",
       "x:1:4: error: YAML tags (!name) are not taken: delete it, or quote the text\n"},
      {"directive", "%YAML 1.2\n---\na: 1\n",
       "x:1:1: error: a line that begins with '%' is a YAML directive: these are not taken\n"},
      {"late directive", "a: 1\n%X\n",
       "x:2:1: error: a line that begins with '%' is a YAML directive: these are not taken\n"},
      {"control character", "a: 1\nb: \x04\nc: 1\n",
       "x:2:4: error: expected text, found a control character: delete it\n"},
      {"NUL", "a: \0\n"sv, "x:1:4: error: expected text, found a control character: delete it\n"},
      {"NUL by escape", "a: \"\\0\"\n",
       "x:1:4: error: expected text, found a NUL character in it: delete the '\\0'\n"},
      {"lone carriage return", "a: 1\rb: 2\n",
       "x:1:5: error: expected text, found a control character: delete it\n"},
      {"not UTF-8", "a: 1\nb: \xff\n",
       "x:2:4: error: expected UTF-8, found a byte that is none: save the file as UTF-8\n"},
      {"UTF-16",
       "\xff\xfe"
       "a\0"sv,
       "x:1:1: error: expected UTF-8, found a byte that is none: save the file as UTF-8\n"},
      {"no key", ": 1\n", "x:1:1: error: expected a key before ':', found none\n"},
      {"list as key", "[a]: 1\n",
       "x:1:1: error: expected a name as key, found a list or a map: quote text that begins with "
       "'{' or '['\n"},
  };
  for (const FaultCase& c : cases) EXPECT_EQ(FaultsOf(c.text), c.faults) << c.name;
}

TEST(YamlTest, SaysWhatIsNoYaml) {
  const FaultCase cases[] = {
      {"colon in text", "help: Items: by status.\n",
       "x:1:12: error: expected no ': ' here: put text that holds ': ' in quotes, or check the "
       "indentation\n"},
      {"line without key", "a: 1\nwhat is this\n",
       "x:2:1: error: expected 'key: value' in line with the keys above: check the indentation, "
       "quote text that goes on behind a quote, begin a comment with '#'\n"},
      {"text behind quotes", "a: \"b\" c\n",
       "x:1:8: error: expected 'key: value' in line with the keys above: check the indentation, "
       "quote text that goes on behind a quote, begin a comment with '#'\n"},
      {"open map", "a: {b: 1\n",
       "x:1:9: error: expected ',' or '}': a map that begins with '{' is not closed, or its text "
       "needs quotes\n"},
      {"open list", "a: [b, c\nd: 1\n",
       "x:2:2: error: expected ',' or ']': a list that begins with '[' is not closed, or its text "
       "needs quotes\n"},
      {"closed twice", "a: [b]]\n",
       "x:1:7: error: found a ']' or '}' that closes nothing: put the text in quotes, or open "
       "it\n"},
      {"open quote", "a: \"b\n", "x:1:6: error: text in quotes is not closed\n"},
      {"dash in text", "a: - b\n",
       "x:1:4: error: expected no '- ' here: put text that begins with '- ' in quotes, or the list "
       "on lines of its own\n"},
      {"at sign", "a: @b\n",
       "x:1:4: error: expected a value, found a character that none begins with: put the text in "
       "quotes\n"},
      {"escape", "a: \"\\d\"\n",
       "x:1:7: error: expected an escape that YAML knows behind '\\': use single quotes for a "
       "plain '\\'\n"},
  };
  for (const FaultCase& c : cases) EXPECT_EQ(FaultsOf(c.text), c.faults) << c.name;
}

TEST(YamlTest, GivesTheTreeInSpiteOfADuplicateKey) {
  std::vector<Fault> faults;
  const std::optional<YamlNode> root =
      ParseYaml("a: 1\na: 2\nb: 3\n", {.file = "x", .file_text = ""}, faults);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(faults.size(), 1U);
  EXPECT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->Find("a")->scalar, "1");
}

TEST(YamlTest, BoundsDepthSizeAndFaults) {
  EXPECT_EQ(FaultsOf(std::string(16, '[') + std::string(16, ']')), "");
  EXPECT_EQ(FaultsOf(std::string(17, '[') + std::string(17, ']')),
            "x:1:17: error: lists and maps are nested more than 16 deep\n");
  EXPECT_NE(FaultsOf(std::string(100'000, '[')), "");
  std::string blocks;
  for (int i = 0; i < 1'000; ++i) blocks += "- ";
  EXPECT_EQ(FaultsOf(blocks), "x:1:33: error: lists and maps are nested more than 16 deep\n");
  EXPECT_EQ(FaultsOf(std::string((1 << 20) + 1, ' ')),
            "x:1: error: expected at most 1 MB of YAML\n");
  EXPECT_EQ(FaultsOf(std::string(129, 'k') + ": 1\n"),
            "x:1:1: error: expected a key of 128 bytes at most, found a longer one\n");
  std::string same;
  for (int i = 0; i < 100'000; ++i) same += "a: 1\n";
  const std::string all = FaultsOf(same);
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 100);
}

bool Same(const YamlNode& a, const YamlNode& b) {
  if (a.kind != b.kind || a.scalar != b.scalar || a.items.size() != b.items.size() ||
      a.entries.size() != b.entries.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!Same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (!Same(a.entries[i].first, b.entries[i].first)) return false;
    if (!Same(a.entries[i].second, b.entries[i].second)) return false;
  }
  return true;
}

TEST(YamlTest, EmitsWhatItReadsBackAsTheSame) {
  for (const char* text : {
           "a: 1\n",
           "off\n",
           "- a\n- [b, [c]]\n- {d: {e: f}}\n- []\n- {}\n- ~\n",
           "alerts:\n  Stale:\n    when: \"> 20\"\n    for: 1h\n    text: \"a\\n\\tb \\\\ "
           "\\\"q\\\"\"\n",
           "a: 'null'\nb: 'true'\nc: true\nd: -1.5\ne: '- x'\nf: '#'\ng: ' '\nh: ''\n",
           "\"null\": x\n'a b': ä ö\n\"\\x01\": \"\\e\"\nempty:\n",
       }) {
    const YamlNode node = Parse(text);
    EXPECT_TRUE(Same(node, Parse(EmitYaml(node)))) << EmitYaml(node);
  }
  EXPECT_EQ(EmitYaml(Parse("{ title: Stuck here, type: timeseries, max: 1.10, on: [a, 'b'] }")),
            "title: \"Stuck here\"\ntype: timeseries\nmax: 1.10\non:\n  - a\n  - \"b\"\n");
}

}  // namespace
}  // namespace tidegauge
