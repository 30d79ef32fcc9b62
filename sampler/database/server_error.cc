#include "database/server_error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <vector>

#include "database/one_line.h"
#include "gauge/fault.h"
#include "gauge/utf8.h"

namespace tidegauge {
namespace {

constexpr std::array<std::string_view, 10> kLabels = {
    "DETAIL:  ",     "HINT:  ",        "QUERY:  ",         "CONTEXT:  ",         "SCHEMA NAME:  ",
    "TABLE NAME:  ", "COLUMN NAME:  ", "DATATYPE NAME:  ", "CONSTRAINT NAME:  ", "LOCATION:  "};

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// "ERROR:  42703: message": the SQLSTATE and what follows.
bool TakeHead(std::string_view line, ServerError& error, std::string& message) {
  const std::size_t colon = line.find(":  ");
  if (colon == std::string_view::npos || colon == 0) return false;
  line.remove_prefix(colon + 3);
  if (line.size() < 6 || line[5] != ':') return false;
  const std::string_view code = line.substr(0, 5);
  const bool is_code = std::all_of(code.begin(), code.end(), [](unsigned char c) {
    return std::isdigit(c) || (c >= 'A' && c <= 'Z');
  });
  if (!is_code) return false;
  error.sqlstate = code;
  message = line.substr(std::min<std::size_t>(7, line.size()));
  return true;
}

// "LINE 7: excerpt": the number and where the excerpt begins.
bool TakeLine(std::string_view line, int& number, std::size_t& excerpt) {
  constexpr std::string_view kLabel = "LINE ";
  if (line.substr(0, kLabel.size()) != kLabel) return false;
  const char* end = line.data() + line.size();
  const auto [stop, fault] = std::from_chars(line.data() + kLabel.size(), end, number);
  if (fault != std::errc() || end - stop < 2 || stop[0] != ':' || stop[1] != ' ') return false;
  excerpt = static_cast<std::size_t>(stop - line.data()) + 2;
  return true;
}

std::size_t Characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    i += std::max<std::size_t>(1, Utf8Length(text, i));
  }
  return count;
}

// Offset of the character with this 0-based number.
std::size_t OffsetOf(std::string_view text, std::size_t number) {
  std::size_t i = 0;
  for (; number > 0 && i < text.size(); --number) {
    i += std::max<std::size_t>(1, Utf8Length(text, i));
  }
  return i;
}

// The column that the caret under `line` points at, in the line of the statement itself.
int FindColumn(std::string_view line, std::size_t excerpt, std::string_view caret,
               std::string_view source) {
  const std::size_t point = caret.find('^');
  if (point == std::string_view::npos || caret.find_first_not_of(" ^") != std::string_view::npos) {
    return 0;
  }
  if (point < excerpt) return 0;
  std::string_view shown = line.substr(excerpt);
  std::size_t column = point - excerpt;  // 0-based, in characters of `shown`
  constexpr std::string_view kDots = "...";
  if (shown.substr(0, kDots.size()) != kDots) return static_cast<int>(column) + 1;
  // Cut off on the left: find what is shown in the line. libpq writes a tab as a space.
  const std::size_t from = OffsetOf(shown, column);
  if (column < kDots.size()) return 0;
  std::string_view before = shown.substr(kDots.size(), from - kDots.size());
  std::string_view after = shown.substr(from);
  if (after.size() >= kDots.size() && after.substr(after.size() - kDots.size()) == kDots) {
    after.remove_suffix(kDots.size());
  }
  std::string plain(source);
  std::replace(plain.begin(), plain.end(), '\t', ' ');
  const std::string part = std::string(before) + std::string(after);
  const std::size_t found = plain.find(part);
  if (found == std::string::npos || plain.find(part, found + 1) != std::string::npos) return 0;
  return static_cast<int>(Characters(std::string_view(plain).substr(0, found + before.size()))) + 1;
}

}  // namespace

std::optional<ServerError> ParseServerError(std::string_view text, std::string_view sql) {
  const std::vector<std::string_view> lines = Lines(text);
  ServerError error;
  std::string message;
  std::string hint;
  bool inner_query = false;  // LINE counts lines of a query inside a function

  std::size_t i = 0;
  while (i < lines.size() && !TakeHead(lines[i], error, message)) ++i;
  if (i == lines.size()) return std::nullopt;

  std::string* field = &message;  // what a line without a label goes on with; null: dropped
  for (++i; i < lines.size(); ++i) {
    std::size_t excerpt = 0;
    if (error.line == 0 && field == &message && TakeLine(lines[i], error.line, excerpt)) {
      if (i + 1 < lines.size()) {
        error.column = FindColumn(lines[i], excerpt, lines[i + 1], SourceLine(sql, error.line));
        ++i;
      }
      field = nullptr;
      continue;
    }
    const auto label = std::find_if(kLabels.begin(), kLabels.end(), [&](std::string_view known) {
      return lines[i].substr(0, known.size()) == known;
    });
    if (label == kLabels.end()) {
      if (field != nullptr) field->append("\n").append(lines[i]);
      continue;
    }
    const std::string_view value = lines[i].substr(label->size());
    field = nullptr;
    if (*label == "HINT:  ") {
      hint = value;
      field = &hint;
    } else if (*label == "QUERY:  ") {
      inner_query = true;
    } else if (*label == "LOCATION:  ") {
      const std::size_t comma = value.find(", ");
      const std::size_t colon = value.rfind(':');
      if (comma != std::string_view::npos && colon != std::string_view::npos && colon > comma) {
        error.function = value.substr(0, comma);
        error.source = value.substr(comma + 2, colon - comma - 2);
      }
      break;  // the last field: what follows is libpq's own
    }
  }
  if (inner_query) error.line = error.column = 0;
  error.message = OneLine(message);
  error.hint = OneLine(hint);
  return error;
}

}  // namespace tidegauge
