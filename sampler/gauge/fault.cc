#include "gauge/fault.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "gauge/utf8.h"

namespace tidegauge {
namespace {

constexpr std::size_t kMaxSourceLine = 500;  // bytes; a longer line is not shown
constexpr std::size_t kMaxQuoted = 80;       // bytes
constexpr std::size_t kMaxSuggested = 64;    // bytes; no key or name of ours is longer

// The code point of the valid character of `length` bytes at text[position].
std::uint32_t CodePoint(std::string_view text, std::size_t position, std::size_t length) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[position + i]));
  };
  if (length == 1) return at(0);
  std::uint32_t code = at(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (at(i) & 0x3F);
  return code;
}

// Controls, line separators, and marks that turn the direction of what follows: none may reach a
// terminal or a log from a file.
bool IsHarmful(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029 ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void AppendEscape(std::string& out, std::uint32_t code) {
  static constexpr char kHex[] = "0123456789abcdef";
  if (code == '\n') {
    out += "\\n";
  } else if (code == '\r') {
    out += "\\r";
  } else if (code == '\t') {
    out += "\\t";
  } else if (code <= 0xFF) {
    out += "\\x";
    out += kHex[code >> 4];
    out += kHex[code & 15];
  } else {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kHex[code >> shift & 15];
  }
}

// Appends `text` escaped. Where `caret` is given, appends to it what takes the same place on
// screen: one blank for each character, a tab for a tab.
void AppendEscaped(std::string& out, std::string_view text, bool keep_tabs,
                   std::string* caret = nullptr) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8Length(text, i);
    const std::size_t before = out.size();
    if (length == 0) {
      AppendEscape(out, static_cast<unsigned char>(text[i]));
      ++i;
      if (caret != nullptr) caret->append(out.size() - before, ' ');
      continue;
    }
    const std::uint32_t code = CodePoint(text, i, length);
    if (code == '\t' && keep_tabs) {
      out += '\t';
      if (caret != nullptr) *caret += '\t';
    } else if (IsHarmful(code)) {
      AppendEscape(out, code);
      if (caret != nullptr) caret->append(out.size() - before, ' ');
    } else {
      out += text.substr(i, length);
      if (caret != nullptr) *caret += ' ';
    }
    i += length;
  }
}

// Levenshtein's distance with swapped neighbours as one step, so that `evrey` is near `every`.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return lower;
}

}  // namespace

std::string FormatFault(const Fault& fault) {
  std::string out;
  AppendEscaped(out, fault.file, false);
  if (fault.line > 0) {
    out += ':' + std::to_string(fault.line);
    if (fault.column > 0) out += ':' + std::to_string(fault.column);
  }
  out += fault.severity == Severity::kError ? ": error: " : ": warning: ";
  AppendEscaped(out, fault.message, false);
  if (fault.source.empty()) return out;
  out += '\n';
  if (fault.column <= 0) {
    AppendEscaped(out, fault.source, true);
    return out;
  }
  const std::string_view source = fault.source;
  const std::size_t at = std::min(source.size(), static_cast<std::size_t>(fault.column) - 1);
  std::string caret;
  AppendEscaped(out, source.substr(0, at), true, &caret);
  AppendEscaped(out, source.substr(at), true);
  out += '\n' + caret + '^';
  return out;
}

bool HasErrors(const std::vector<Fault>& faults) {
  return std::any_of(faults.begin(), faults.end(),
                     [](const Fault& fault) { return fault.severity == Severity::kError; });
}

std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.empty() || word.size() > kMaxSuggested) return "";
  const std::string written = Lower(word);
  std::string_view nearest;
  std::size_t nearest_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kMaxSuggested) continue;
    const std::size_t distance = Distance(written, Lower(candidate));
    if (distance < nearest_distance && distance < candidate.size()) {
      nearest = candidate;
      nearest_distance = distance;
    }
  }
  if (nearest.empty()) return "";
  return " (did you mean '" + std::string(nearest) + "'?)";
}

std::string SourceLine(std::string_view text, int line) {
  std::size_t begin = 0;
  for (int i = 1; i < line; ++i) {
    begin = text.find('\n', begin);
    if (begin == std::string_view::npos) return "";
    ++begin;
  }
  if (line < 1) return "";
  std::string_view found = text.substr(begin, text.find('\n', begin) - begin);
  if (line == 1 && found.starts_with("\xEF\xBB\xBF")) found.remove_prefix(3);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found.size() > kMaxSourceLine ? "" : std::string(found);
}

std::string Quoted(std::string_view text) {
  if (text.size() <= kMaxQuoted) return std::string("'").append(text).append("'");
  std::size_t end = 0;
  while (end < kMaxQuoted) end += std::max<std::size_t>(1, Utf8Length(text, end));
  return std::string("'").append(text.substr(0, end)).append("…'");
}

void SortFaults(std::vector<Fault>& faults, std::size_t from) {
  std::stable_sort(faults.begin() + static_cast<std::ptrdiff_t>(from), faults.end(),
                   [](const Fault& a, const Fault& b) {
                     return a.line != b.line ? a.line < b.line : a.column < b.column;
                   });
}

}  // namespace tidegauge
