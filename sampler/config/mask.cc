#include "config/mask.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace tidegauge {
namespace {

constexpr std::string_view kMask = " ***";

// Keys of a database whose values are no secrets.
constexpr std::array<std::string_view, 4> kHarmlessKeys = {"max_connections", "row_security",
                                                           "url_file", "password_file"};
// A line outside `databases` with one of these may hold a secret that stands in the wrong place.
constexpr std::array<std::string_view, 8> kSuspects = {"://", "@",      "url",   "pass",
                                                       "pwd", "secret", "token", "dsn"};

// A line of the form `key: rest`.
struct KeyLine {
  std::size_t indent = 0;
  std::string_view key;    // without quotes
  std::string_view shown;  // the line up to and including the colon
  std::string_view rest;   // after the colon, without surrounding blanks
};

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<KeyLine> ParseKeyLine(std::string_view line) {
  KeyLine parsed;
  parsed.indent = std::min(line.find_first_not_of(' '), line.size());
  std::size_t at = parsed.indent;
  const bool quoted = at < line.size() && (line[at] == '"' || line[at] == '\'');
  if (quoted) ++at;
  const std::size_t begin = at;
  while (at < line.size() && (std::isalnum(static_cast<unsigned char>(line[at])) ||
                              line[at] == '_' || line[at] == '-' || line[at] == '.')) {
    ++at;
  }
  if (at == begin) return std::nullopt;
  parsed.key = line.substr(begin, at - begin);
  if (quoted) {
    if (at >= line.size() || line[at] != line[begin - 1]) return std::nullopt;
    ++at;
  }
  while (at < line.size() && line[at] == ' ') ++at;
  if (at >= line.size() || line[at] != ':') return std::nullopt;
  ++at;
  if (at < line.size() && line[at] != ' ' && line[at] != '\t' && line[at] != '\r') {
    return std::nullopt;
  }
  parsed.shown = line.substr(0, at);
  parsed.rest = Trim(line.substr(at));
  return parsed;
}

std::string Masked(const std::optional<KeyLine>& line) {
  if (!line) return "";
  std::string shown(line->shown);
  if (!line->rest.empty() && line->rest[0] != '#') shown += kMask;
  return shown;
}

bool Contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

bool Suspect(std::string_view line) {
  std::string lower(line);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(kSuspects.begin(), kSuspects.end(),
                     [&](std::string_view word) { return Contains(lower, word); });
}

// Walks the text line by line and keeps whether the line stands under `databases`, and there in the
// continuation of a connection string.
class Section {
 public:
  // Takes the next line; returns it as it may be shown.
  std::string Next(std::string_view line) {
    const std::optional<KeyLine> parsed = ParseKeyLine(line);
    const std::string_view content = Trim(line);
    if (inside_ && parsed && parsed->indent <= indent_ && !flow_) inside_ = false;
    if (!inside_ && !content.empty() && content[0] != '#') {
      // A flow map may hold `databases` anywhere and end anywhere.
      if (content[0] == '{') flow_ = true;
      if (flow_ || Contains(line, "databases")) {
        inside_ = true;
        in_url_ = false;
        indent_ = std::min(line.find_first_not_of(' '), line.size());
      }
    }
    if (!inside_) return Suspect(line) ? Masked(parsed) : std::string(line);
    if (content.empty() || content[0] == '#') return "";
    if (in_url_ && (!parsed || parsed->indent > url_indent_)) return "";
    in_url_ = false;
    if (!parsed) return "";
    if (parsed->key == "url") {
      in_url_ = true;
      url_indent_ = parsed->indent;
    }
    const bool harmless =
        std::find(kHarmlessKeys.begin(), kHarmlessKeys.end(), parsed->key) != kHarmlessKeys.end() &&
        parsed->rest.find_first_of(":@=,{") == std::string_view::npos;
    return harmless ? std::string(line) : Masked(parsed);
  }

 private:
  bool inside_ = false;
  bool flow_ = false;
  std::size_t indent_ = 0;
  bool in_url_ = false;  // and what is indented deeper continues it
  std::size_t url_indent_ = 0;
};

// 'u:p@host' becomes '***'. From the first quote to the last: a secret may hold quotes of its own.
void MaskQuoted(std::string& message) {
  const std::size_t open = message.find('\'');
  const std::size_t close = message.rfind('\'');
  if (open == close) return;
  const std::string_view inside = std::string_view(message).substr(open + 1, close - open - 1);
  if (!Contains(inside, "://") && !Contains(inside, "@")) return;
  message.replace(open + 1, close - open - 1, "***");
}

}  // namespace

std::string ShownLine(std::string_view text, int line) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Section section;
  std::string shown;
  for (int number = 1; number <= line; ++number) {
    const std::size_t end = text.find('\n');
    std::string_view current = text.substr(0, end);
    if (!current.empty() && current.back() == '\r') current.remove_suffix(1);
    shown = section.Next(current);
    if (end == std::string_view::npos) return number == line ? shown : "";
    text.remove_prefix(end + 1);
  }
  return shown;
}

void MaskSecrets(std::string_view text, std::vector<Fault>& faults) {
  for (Fault& fault : faults) {
    MaskQuoted(fault.message);
    if (fault.source.empty()) continue;
    std::string shown = ShownLine(text, fault.line);
    if (shown == fault.source) continue;
    fault.source = std::move(shown);
    // A caret past what is shown would point at nothing.
    if (fault.column > static_cast<int>(fault.source.size())) fault.source.clear();
  }
}

}  // namespace tidegauge
