#include "gauge/header_text.h"

#include <algorithm>

namespace tidegauge {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(kBlanks) == std::string_view::npos;
}

// The line at `begin`, with its line break.
std::string_view LineAt(std::string_view text, std::size_t begin) {
  const std::size_t end = text.find('\n', begin);
  return text.substr(begin, end == std::string_view::npos ? end : end + 1 - begin);
}

// Whether a line of the header's beginning may be meant as YAML: `key:`, a list, a map, a comment.
bool LooksLikeYaml(std::string_view line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(begin);
  if (IsBlank(line) || line.starts_with('#') || line.starts_with('{') || line.starts_with('[') ||
      line.starts_with("- ")) {
    return true;
  }
  if (line.starts_with("---")) return IsBlank(line.substr(3));
  std::size_t end = 0;
  if (line[0] == '"' || line[0] == '\'') {
    end = line.find(line[0], 1);
    if (end == std::string_view::npos) return false;
    ++end;
  } else {
    end = line.find_first_of(": \t\r\n");
  }
  end = line.find_first_not_of(" \t", std::min(end, line.size()));
  if (end == std::string_view::npos || line[end] != ':') return false;
  return end + 1 == line.size() || kBlanks.find(line[end + 1]) != std::string_view::npos;
}

char LastOf(std::string_view line) {
  const std::size_t last = line.find_last_not_of(kBlanks);
  return last == std::string_view::npos ? ' ' : line[last];
}

PlainComment PlaceOf(const HeaderText& header, std::size_t index, std::string_view line) {
  const std::size_t first = std::min(line.find_first_not_of(" \t"), line.size());
  return {header.first_line + static_cast<int>(index),
          header.indents[index] + static_cast<int>(first) + 1};
}

// The line's break stays, a carriage return before it too: places are counted up to it.
void Empty(HeaderText& header, std::size_t at) {
  for (; at < header.yaml.size() && header.yaml[at] != '\n'; ++at) {
    if (header.yaml[at] != '\r') header.yaml[at] = ' ';
  }
}

}  // namespace

HeaderText SplitHeader(std::string_view text) {
  HeaderText header;
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  int line_number = 1;
  while (at < text.size() && IsBlank(LineAt(text, at))) {
    at += LineAt(text, at).size();
    ++line_number;
  }
  header.first_line = line_number;
  const std::size_t begin = at;
  while (text.compare(at, 2, "--") == 0) {
    const std::string_view line = LineAt(text, at);
    const std::size_t cut = line.substr(2).starts_with(' ') ? 3 : 2;
    header.yaml += line.substr(cut);
    header.indents.push_back(static_cast<int>(cut));
    at += line.size();
    if (line.ends_with('\n')) ++line_number;
    if (at >= text.size()) break;
  }
  header.bytes = at - begin;
  header.statement = header.bytes == 0 ? (text.starts_with("\xEF\xBB\xBF") ? 3 : 0) : at;
  header.statement_line = header.bytes == 0 ? 1 : line_number;
  return header;
}

std::optional<PlainComment> TakeFirstComment(HeaderText& header) {
  std::optional<PlainComment> found;
  std::size_t at = 0;
  for (std::size_t i = 0; i < header.indents.size(); ++i) {
    const std::string_view line = LineAt(header.yaml, at);
    const std::size_t size = line.size();
    if (!LooksLikeYaml(line)) {
      const PlainComment comment = PlaceOf(header, i, line);
      if (!found) found = comment;
      Empty(header, at);
    } else if (!IsBlank(line) && line[line.find_first_not_of(kBlanks)] != '#') {
      break;
    }
    at += size;
  }
  return found;
}

std::optional<PlainComment> TakeComment(HeaderText& header, int last_line) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < header.indents.size(); ++i) {
    const std::string_view line = LineAt(header.yaml, at);
    const PlainComment comment = PlaceOf(header, i, line);
    if (comment.line > last_line) return std::nullopt;
    const bool is_inside = IsBlank(line) ||
                           std::string_view(" \t]}").find(line[0]) != std::string_view::npos ||
                           std::string_view(",]}\"'").find(LastOf(line)) != std::string_view::npos;
    if (!is_inside && !LooksLikeYaml(line)) {
      Empty(header, at);
      return comment;
    }
    at += line.size();
  }
  return std::nullopt;
}

std::string_view CommentedKey(std::string_view line) {
  std::size_t at = std::min(line.find_first_not_of(" \t"), line.size());
  if (line.compare(at, 2, "--") != 0) return "";
  at = std::min(line.find_first_not_of(" \t", at + 2), line.size());
  const std::size_t end = line.find_first_of(": \t\r\n", at);
  if (end == std::string_view::npos || line[end] != ':') return "";
  return line.substr(at, end - at);
}

}  // namespace tidegauge
