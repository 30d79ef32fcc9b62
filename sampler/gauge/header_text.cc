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

PlainComment TakePlainComment(HeaderText& header) {
  PlainComment found;
  std::size_t at = 0;
  for (std::size_t i = 0; i < header.indents.size(); ++i) {
    const std::string_view line = LineAt(header.yaml, at);
    const std::size_t size = line.size();
    const std::size_t break_size = line.ends_with('\n') ? 1 : 0;
    if (LooksLikeYaml(line)) {
      const std::size_t first = line.find_first_not_of(kBlanks);
      if (first != std::string_view::npos && line[first] != '#') break;
    } else {
      if (found.line == 0) {
        found.line = header.first_line + static_cast<int>(i);
        found.column = header.indents[i] + static_cast<int>(line.find_first_not_of(" \t")) + 1;
      }
      std::fill_n(header.yaml.begin() + static_cast<std::ptrdiff_t>(at), size - break_size, ' ');
    }
    at += size;
  }
  return found;
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
