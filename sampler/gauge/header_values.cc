#include "gauge/header_values.h"

#include <algorithm>
#include <charconv>

#include "gauge/duration.h"

namespace tidegauge {

std::string Describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return node.quoted ? Quoted(node.scalar) + " in quotes" : Quoted(node.scalar);
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "";
}

const YamlEntry* FindEntry(const YamlNode& map, std::string_view key) {
  for (const YamlEntry& entry : map.entries) {
    if (entry.first.scalar == key) return &entry;
  }
  return nullptr;
}

void HeaderValues::Error(const YamlNode& at, std::string message) {
  faults_.push_back(FaultAt(source_, at.line, at.column, std::move(message)));
}

void HeaderValues::Warn(const YamlNode& at, std::string message) {
  faults_.push_back(FaultAt(source_, at.line, at.column, std::move(message), Severity::kWarning));
}

void HeaderValues::Expected(const YamlEntry& entry, std::string_view what) {
  Error(entry.second, Quoted(entry.first.scalar) + ": expected " + std::string(what) + ", found " +
                          Describe(entry.second));
}

std::optional<std::string> HeaderValues::Text(const YamlEntry& entry) {
  if (entry.second.kind == YamlNode::Kind::kScalar && !entry.second.scalar.empty()) {
    return entry.second.scalar;
  }
  Expected(entry, "text");
  return std::nullopt;
}

std::optional<std::string> HeaderValues::Line(const YamlEntry& entry) {
  std::optional<std::string> text = Text(entry);
  if (!text) return std::nullopt;
  std::replace(text->begin(), text->end(), '\n', ' ');
  text->erase(text->find_last_not_of(" \t") + 1);
  text->erase(0, text->find_first_not_of(" \t"));
  if (text->empty()) {
    Expected(entry, "text");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> HeaderValues::Url(const YamlEntry& entry) {
  constexpr std::string_view kWhat = "a URL that begins with http:// or https://";
  const YamlNode& node = entry.second;
  std::string_view rest = node.scalar;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else {
    Expected(entry, kWhat);
    return std::nullopt;
  }
  const bool has_host = !rest.empty() && rest.find_first_of("/?#:") != 0;
  const bool is_clean = std::none_of(rest.begin(), rest.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '"' || c == '<' || c == '>' ||
           c == '\\' || c == '`';
  });
  if (!has_host || !is_clean) {
    Expected(entry, "a URL with a host and without blanks or quotes");
    return std::nullopt;
  }
  return node.scalar;
}

std::optional<std::chrono::milliseconds> HeaderValues::Duration(const YamlEntry& entry) {
  if (entry.second.kind == YamlNode::Kind::kScalar) {
    if (const auto duration = ParseDuration(entry.second.scalar)) return duration;
  }
  Expected(entry, "a duration such as 30s, 5m or 1m30s");
  return std::nullopt;
}

std::optional<std::size_t> HeaderValues::Count(const YamlEntry& entry) {
  constexpr std::size_t kMax = 1'000'000;
  const std::string& text = entry.second.scalar;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = entry.second.kind == YamlNode::Kind::kScalar && !entry.second.quoted &&
                         error == std::errc() && end == text.data() + text.size();
  if (is_number && number >= 1 && number <= kMax) return number;
  Expected(entry, "a whole number from 1 to 1000000");
  return std::nullopt;
}

bool HeaderValues::IsKnown(const YamlNode& key, const std::vector<std::string_view>& known,
                           std::string_view without_suggestion) {
  if (std::find(known.begin(), known.end(), key.scalar) != known.end()) return true;
  const std::string suggestion = DidYouMean(key.scalar, known);
  Error(key, "unknown key " + Quoted(key.scalar) +
                 (suggestion.empty() ? std::string(without_suggestion) : suggestion));
  if (!suggestion.empty()) suggestions_.push_back(suggestion);
  return false;
}

bool HeaderValues::WasSuggested(std::string_view key) const {
  const std::string quoted = Quoted(key);
  return std::any_of(suggestions_.begin(), suggestions_.end(), [&](const std::string& text) {
    return text.find(quoted) != std::string::npos;
  });
}

}  // namespace tidegauge
