#include "gauge/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "gauge/utf8.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxKeyBytes = 128;
constexpr std::size_t kMaxFaults = 100;  // of one text: more would bury the first

// Ends the parser's walk; the fault has been recorded.
struct Stop {};

// The text as yaml-cpp gets it, its lines, and where they stand in the file. yaml-cpp's marks count
// bytes, so that a column needs no more than what was cut from the left of its line.
class Text {
 public:
  Text(std::string_view yaml, const YamlSource& source, std::vector<Fault>& faults)
      : source_(source), faults_(faults) {
    if (yaml.starts_with("\xEF\xBB\xBF")) yaml.remove_prefix(3);
    text_.reserve(yaml.size());
    for (std::size_t i = 0; i < yaml.size(); ++i) {
      if (yaml[i] == '\r' && i + 1 < yaml.size() && yaml[i + 1] == '\n') continue;
      text_ += yaml[i];
    }
    lines_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\n') lines_.push_back(i + 1);
    }
  }

  // With a comment as last line: yaml-cpp takes quotes that are not closed in silence where the
  // text ends with a line break.
  std::string ForParser() const { return text_.ends_with('\n') ? text_ + "#" : text_ + "\n#"; }

  // Brings the mark to a place in the file. A mark at the very end points behind the last text.
  void Place(const YAML::Mark& mark, int& line, int& column) const {
    std::size_t index = static_cast<std::size_t>(std::max(0, mark.line));
    std::size_t offset = static_cast<std::size_t>(std::max(0, mark.column));
    if (index >= lines_.size()) {
      index = lines_.size() - 1;
      offset = text_.size();
    }
    if (index + 1 == lines_.size() && index > 0 && lines_[index] == text_.size()) {
      --index;
      offset = text_.size();
    }
    const std::size_t size = Line(index).size();
    offset = std::min(offset, size);
    line = source_.first_line + static_cast<int>(index);
    column = static_cast<int>(offset) + 1;
    if (index < source_.indents.size()) column += source_.indents[index];
  }

  // What stands at the mark, to the end of its line.
  std::string_view At(const YAML::Mark& mark) const {
    if (mark.line < 0 || mark.column < 0) return "";
    const auto index = static_cast<std::size_t>(mark.line);
    if (index >= lines_.size()) return "";
    const std::string_view line = Line(index);
    return line.substr(std::min(line.size(), static_cast<std::size_t>(mark.column)));
  }

  void Report(int line, int column, std::string message) {
    faults_.push_back(FaultAt(source_, line, column, std::move(message)));
    if (++reported_ >= kMaxFaults) throw Stop{};
  }
  void Report(const YAML::Mark& mark, std::string message) {
    int line = 0;
    int column = 0;
    Place(mark, line, column);
    Report(line, column, std::move(message));
  }
  void ReportOffset(std::size_t offset, std::string message) {
    const auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
    YAML::Mark mark;
    mark.line = static_cast<int>(next - lines_.begin()) - 1;
    mark.column = static_cast<int>(offset - *(next - 1));
    Report(mark, std::move(message));
  }

  // Where the line is indented by a tab, that is the fault, whatever yaml-cpp makes of it.
  bool ReportTab(YAML::Mark mark) {
    mark.column = 0;
    const std::string_view line = At(mark);
    const std::size_t tab = line.find_first_not_of(' ');
    if (tab == std::string_view::npos || line[tab] != '\t') return false;
    mark.column = static_cast<int>(tab);
    Report(mark, "found a tab as indentation: use blanks");
    return true;
  }

  // Characters and lines that yaml-cpp would misread, or pass over in silence.
  bool IsClean() {
    if (const std::size_t bad = FindInvalidUtf8(text_); bad != std::string::npos) {
      ReportOffset(bad, "expected UTF-8, found a byte that is none: save the file as UTF-8");
      return false;
    }
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text_[i]);
      if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F) {
        ReportOffset(i, "expected text, found a control character: delete it");
        return false;
      }
    }
    for (const std::size_t begin : lines_) {
      if (begin < text_.size() && text_[begin] == '%') {
        ReportOffset(begin, "a line that begins with '%' is a YAML directive: these are not taken");
        return false;
      }
    }
    return true;
  }

 private:
  std::string_view Line(std::size_t index) const {
    const std::size_t begin = lines_[index];
    const std::size_t end = index + 1 < lines_.size() ? lines_[index + 1] - 1 : text_.size();
    return std::string_view(text_).substr(begin, end - begin);
  }

  const YamlSource& source_;
  std::vector<Fault>& faults_;
  std::string text_;
  std::vector<std::size_t> lines_;  // offset of each line's first byte
  std::size_t reported_ = 0;
};

// Turns yaml-cpp's events into a tree and refuses what YAML allows and we do not.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(Text& text) : text_(text) {}

  YamlNode& root() { return root_; }
  bool whole() const { return whole_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    whole_ = false;
    text_.Report(mark,
                 "expected one document, found a second one or text behind the end of the first: "
                 "delete the '---', or indent the text");
    throw Stop{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    RefuseAnchor(mark, anchor);
    YamlNode node = At(mark);
    if (WantsKey() && text_.At(mark).starts_with("null")) {
      node.kind = YamlNode::Kind::kScalar;
      node.scalar = "null";
    }
    // At the end of a map yaml-cpp takes a line without ':' for a key without a value, and gives it
    // the key's own place.
    if (WantsValue() && node.line == open_.back().key.line &&
        node.column == open_.back().key.column) {
      throw YAML::ParserException(mark, YAML::ErrorMsg::END_OF_MAP);
    }
    Add(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    whole_ = false;
    text_.Report(mark, "YAML aliases (*name) are not taken: write the value out");
    Add(At(mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseAnchor(mark, anchor);
    RefuseTag(mark, tag);
    YamlNode node = At(mark);
    node.kind = YamlNode::Kind::kScalar;
    node.scalar = value;
    node.quoted = tag == "!";
    if (value.find('\0') != std::string::npos) {
      text_.Report(mark, "expected text, found a NUL character in it: delete the '\\0'");
    } else if (!IsUtf8(value)) {
      text_.Report(mark, "expected text, found an escape that is no character");
    }
    Add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Push(mark, tag, anchor, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { Pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Push(mark, tag, anchor, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { Pop(); }

 private:
  // A list or map that is not yet at its end.
  struct Open {
    YamlNode node;
    YamlNode key = {};
    bool has_key = false;
    std::unordered_map<std::string, int> seen = {};  // key → line
  };

  YamlNode At(const YAML::Mark& mark) const {
    YamlNode node;
    text_.Place(mark, node.line, node.column);
    return node;
  }

  bool WantsKey() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::kMap &&
           !open_.back().has_key;
  }

  bool WantsValue() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::kMap && open_.back().has_key;
  }

  void RefuseAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    text_.Report(mark,
                 "YAML anchors (&name) are not taken: write the value out, or quote the text");
  }
  // yaml-cpp gives "?" for plain text and collections and "!" for quoted text, and "!" also where
  // the file itself says so.
  void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
    if ((tag.empty() || tag == "?" || tag == "!") && !text_.At(mark).starts_with('!')) return;
    text_.Report(mark, "YAML tags (!name) are not taken: delete it, or quote the text");
  }

  void Push(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlNode::Kind kind) {
    RefuseAnchor(mark, anchor);
    RefuseTag(mark, tag);
    if (open_.size() >= kMaxDepth) {
      whole_ = false;
      text_.Report(mark, "lists and maps are nested more than 16 deep");
      throw Stop{};
    }
    YamlNode node = At(mark);
    node.kind = kind;
    open_.push_back({std::move(node)});
  }

  void Pop() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Add(std::move(node));
  }

  void Add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& open = open_.back();
    if (open.node.kind == YamlNode::Kind::kList) {
      open.node.items.push_back(std::move(node));
    } else if (!open.has_key) {
      open.key = std::move(node);
      open.has_key = true;
    } else {
      open.has_key = false;
      AddEntry(open, std::move(node));
    }
  }

  void AddEntry(Open& open, YamlNode value) {
    const YamlNode& key = open.key;
    if (key.kind != YamlNode::Kind::kScalar) {
      text_.Report(key.line, key.column,
                   key.kind == YamlNode::Kind::kNull
                       ? "expected a key before ':', found none"
                       : "expected a name as key, found a list or a map: quote text that begins "
                         "with '{' or '['");
      return;
    }
    if (key.scalar.size() > kMaxKeyBytes) {
      text_.Report(key.line, key.column, "expected a key of 128 bytes at most, found a longer one");
      return;
    }
    const auto [seen, is_new] = open.seen.emplace(key.scalar, key.line);
    if (!is_new) {
      text_.Report(key.line, key.column,
                   "duplicate key " + Quoted(key.scalar) + ": it stands on line " +
                       std::to_string(seen->second) + " already");
      return;
    }
    // For a value that is not there yaml-cpp gives the place of whatever comes next.
    if (value.kind == YamlNode::Kind::kNull) {
      value.line = key.line;
      value.column = key.column;
    }
    open.node.entries.push_back({std::move(open.key), std::move(value)});
  }

  Text& text_;
  YamlNode root_;
  std::vector<Open> open_;
  int documents_ = 0;
  bool whole_ = true;
};

// yaml-cpp's messages in terms of what to do about them.
std::string Explain(const YAML::Exception& error) {
  static const std::pair<std::string_view, const char*> kTexts[] = {
      {YAML::ErrorMsg::END_OF_MAP,
       "expected 'key: value' in line with the keys above: check the indentation, quote text that "
       "goes on behind a quote, begin a comment with '#'"},
      {YAML::ErrorMsg::END_OF_MAP_FLOW,
       "expected ',' or '}': a map that begins with '{' is not closed, or its text needs quotes"},
      {YAML::ErrorMsg::END_OF_SEQ,
       "expected '- item' in line with the items above: check the indentation"},
      {YAML::ErrorMsg::END_OF_SEQ_FLOW,
       "expected ',' or ']': a list that begins with '[' is not closed, or its text needs quotes"},
      {YAML::ErrorMsg::MAP_VALUE,
       "expected no ': ' here: put text that holds ': ' in quotes, or check the indentation"},
      {YAML::ErrorMsg::MAP_KEY, "expected no '? ' here: put the text in quotes"},
      {YAML::ErrorMsg::BLOCK_ENTRY,
       "expected no '- ' here: put text that begins with '- ' in quotes, or the list on lines of "
       "its own"},
      {YAML::ErrorMsg::FLOW_END,
       "found a ']' or '}' that closes nothing: put the text in quotes, or open it"},
      {YAML::ErrorMsg::EOF_IN_SCALAR, "text in quotes is not closed"},
      {YAML::ErrorMsg::DOC_IN_SCALAR, "text in quotes is not closed before '---' or '...'"},
      {YAML::ErrorMsg::TAB_IN_INDENTATION, "found a tab as indentation: use blanks"},
      {YAML::ErrorMsg::UNKNOWN_TOKEN,
       "expected a value, found a character that none begins with: put the text in quotes"},
      {YAML::ErrorMsg::CHAR_IN_BLOCK, "expected nothing behind '|' or '>': put the text in quotes"},
      {YAML::ErrorMsg::ZERO_INDENT_IN_BLOCK,
       "expected an indentation of 1 or more behind '|' or '>'"},
      {YAML::ErrorMsg::INVALID_HEX,
       "expected a hexadecimal number behind '\\x' or '\\u': use single quotes for a plain '\\'"},
  };
  const std::string_view message = error.msg;
  for (const auto& [theirs, ours] : kTexts) {
    if (message == theirs) return ours;
  }
  if (message.starts_with(YAML::ErrorMsg::INVALID_ESCAPE)) {
    return "expected an escape that YAML knows behind '\\': use single quotes for a plain '\\'";
  }
  if (message.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR) ||
      message == YAML::ErrorMsg::ALIAS_NOT_FOUND || message == YAML::ErrorMsg::CHAR_IN_ALIAS) {
    return "YAML aliases (*name) are not taken: write the value out, or quote the text";
  }
  if (message == YAML::ErrorMsg::ANCHOR_NOT_FOUND || message == YAML::ErrorMsg::CHAR_IN_ANCHOR ||
      message == YAML::ErrorMsg::MULTIPLE_ANCHORS) {
    return "YAML anchors (&name) are not taken: write the value out, or quote the text";
  }
  if (message.find("tag") != std::string_view::npos) {
    return "YAML tags (!name) are not taken: delete it, or quote the text";
  }
  return "expected YAML: " + error.msg;
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.scalar == key) return &value;
  }
  return nullptr;
}

Fault FaultAt(const YamlSource& source, int line, int column, std::string message,
              Severity severity) {
  return {severity, std::string(source.file), line,
          column,   std::move(message),       SourceLine(source.file_text, line)};
}

std::optional<YamlNode> ParseYaml(std::string_view yaml, const YamlSource& source,
                                  std::vector<Fault>& faults) {
  if (yaml.size() > kMaxYamlBytes) {
    faults.push_back(FaultAt(source, source.first_line, 0, "expected at most 1 MB of YAML"));
    return std::nullopt;
  }
  Text text(yaml, source, faults);
  if (!text.IsClean()) return std::nullopt;
  Builder builder(text);
  try {
    std::istringstream stream(text.ForParser());
    YAML::Parser parser(stream);
    // The second call finds what stands behind the first document, which would be lost in silence.
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    try {
      if (!text.ReportTab(error.mark)) text.Report(error.mark, Explain(error));
    } catch (const Stop&) {  // it was the last one that is told
    }
    return std::nullopt;
  }
  if (!builder.whole()) return std::nullopt;
  return std::move(builder.root());
}

}  // namespace tidegauge
