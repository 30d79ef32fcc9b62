#include "config/reader.h"

#include <charconv>
#include <utility>

#include "config/keys.h"
#include "gauge/duration.h"
#include "gauge/utf8.h"

namespace tidegauge {
namespace {

std::string_view KindName(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "text";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      break;
  }
  return "a map";
}

std::string Listed(const std::vector<std::string_view>& words) {
  std::string listed;
  for (const std::string_view word : words) {
    if (!listed.empty()) listed += ", ";
    listed += word;
  }
  return listed;
}

// "limits.rows: "; nothing at the top of the file.
std::string Prefix(std::string_view what) {
  return what.empty() ? std::string() : std::string(what) + ": ";
}

}  // namespace

void ConfigReader::Error(const YamlNode& at, std::string message) {
  const YamlSource source{.file = file_, .file_text = text_};
  faults_.push_back(FaultAt(source, at.line, at.column, std::move(message)));
}

void ConfigReader::ForEach(const YamlNode& node, std::string_view what, const Entry& entry) {
  if (node.kind == YamlNode::Kind::kNull) return;
  if (node.kind != YamlNode::Kind::kMap) {
    Error(node,
          Prefix(what) + "expected a map of keys and values, found " + std::string(KindName(node)));
    return;
  }
  for (const auto& [key, value] : node.entries) {
    if (key.kind == YamlNode::Kind::kScalar) {
      entry(key, value);
    } else {
      Error(key, Prefix(what) + "expected a name as key, found " + std::string(KindName(key)));
    }
  }
}

void ConfigReader::ForEachKnown(const YamlNode& node, std::string_view path, const Entry& entry) {
  ForEach(node, path, [&](const YamlNode& key, const YamlNode& value) {
    const std::vector<std::string_view> known = KeysUnder(path);
    for (const std::string_view name : known) {
      if (key.scalar == name) return entry(key, value);
    }
    std::string hint = DidYouMean(key.scalar, known);
    if (hint.empty()) hint = "; known here: " + Listed(known);
    Error(key, "unknown key " + Quoted(key.scalar) + hint);
  });
}

std::optional<ConfigText> ConfigReader::Text(const YamlNode& node, std::string_view what) {
  if (node.kind != YamlNode::Kind::kScalar) {
    Error(node, Prefix(what) + "expected text, found " + std::string(KindName(node)));
    return std::nullopt;
  }
  std::string error;
  std::optional<std::string> expanded = ExpandVariables(node.scalar, environment_, error);
  if (!expanded) {
    Error(node, Prefix(what) + error);
    return std::nullopt;
  }
  if (expanded->find('\0') != std::string::npos) {
    Error(node, Prefix(what) + "holds a NUL character: take it out");
    return std::nullopt;
  }
  if (!IsUtf8(*expanded)) {
    Error(node, Prefix(what) + "is not UTF-8: write it in UTF-8");
    return std::nullopt;
  }
  return ConfigText{std::move(*expanded), node.scalar};
}

void ConfigReader::ReadText(const YamlNode& node, std::string_view what, std::string& target) {
  std::optional<ConfigText> found = Text(node, what);
  if (!found) return;
  if (found->text.empty()) {
    Error(node, Prefix(what) + "is empty: give it a value, or leave the key out");
    return;
  }
  target = std::move(found->text);
}

void ConfigReader::Expected(const YamlNode& node, std::string_view what, std::string_view expected,
                            const ConfigText& found) {
  Error(node,
        Prefix(what) + "expected " + std::string(expected) + ", found " + Quoted(found.literal));
}

void ConfigReader::ReadNumber(const YamlNode& node, std::string_view what, std::size_t least,
                              std::size_t most, std::size_t& target) {
  const std::optional<ConfigText> found = Text(node, what);
  if (!found) return;
  std::size_t number = 0;
  const char* end = found->text.data() + found->text.size();
  const auto [stop, error] = std::from_chars(found->text.data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > most) {
    Expected(node, what,
             "a whole number from " + std::to_string(least) + " to " + std::to_string(most),
             *found);
    return;
  }
  target = number;
}

void ConfigReader::ReadDuration(const YamlNode& node, std::string_view what,
                                std::chrono::milliseconds least, std::chrono::milliseconds most,
                                std::chrono::milliseconds& target) {
  const std::optional<ConfigText> found = Text(node, what);
  if (!found) return;
  const std::optional<std::chrono::milliseconds> duration = ParseDuration(found->text);
  if (!duration || *duration < least || *duration > most) {
    Expected(node, what,
             "a duration from " + FormatDuration(least) + " to " + FormatDuration(most) +
                 ", such as 30s or 1m30s",
             *found);
    return;
  }
  target = *duration;
}

void ConfigReader::ReadTexts(const YamlNode& node, std::string_view what,
                             const std::function<std::string(std::string_view name)>& name_fault,
                             std::map<std::string, std::string>& target) {
  ForEach(node, what, [&](const YamlNode& key, const YamlNode& value) {
    const std::string fault = name_fault(key.scalar);
    if (!fault.empty()) Error(key, fault);
    std::optional<ConfigText> text = Text(value, std::string(what) + "." + key.scalar);
    if (fault.empty() && text) target[key.scalar] = std::move(text->text);
  });
}

}  // namespace tidegauge
