#include "gauge/identifier.h"

#include <cstddef>

namespace tidegauge {
namespace {

constexpr std::size_t kDigits = 9;
constexpr std::size_t kHexDigits = 20;
constexpr std::size_t kBase64Characters = 20;

// ASCII alone, whatever the locale.
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsLower(c) || IsUpper(c); }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsBase64(char c) { return IsDigit(c) || IsLetter(c) || c == '+' || c == '/'; }
// A letter of another script is a byte above 127.
bool IsWord(char c) { return IsDigit(c) || IsLetter(c) || static_cast<unsigned char>(c) >= 0x80; }

bool HasRun(std::string_view text, bool (*in_run)(char), std::size_t length) {
  std::size_t run = 0;
  for (char c : text) {
    run = in_run(c) ? run + 1 : 0;
    if (run == length) return true;
  }
  return false;
}

// Groups of 8, 4, 4, 4 and 12 hex digits with a hyphen between.
bool HasUuid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  for (std::size_t start = 0; start + kShape.size() <= text.size(); ++start) {
    std::size_t i = 0;
    while (i < kShape.size() &&
           (kShape[i] == '-' ? text[start + i] == '-' : IsHex(text[start + i]))) {
      ++i;
    }
    if (i == kShape.size()) return true;
  }
  return false;
}

// A word character, '@', then a domain: words with a dot between two of them.
bool HasEmailAddress(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at == 0 || at + 1 == text.size()) continue;
    const char before = text[at - 1];
    if (!IsWord(before) && before != '_' && before != '-' && before != '+' && before != '.')
      continue;
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] == '.' && i > at + 1 && i + 1 < text.size() && IsWord(text[i - 1]) &&
          IsWord(text[i + 1])) {
        return true;
      }
      if (!IsWord(text[i]) && text[i] != '-') break;
    }
  }
  return false;
}

// A scheme and "://", or "www." and more at the beginning.
bool HasUrl(std::string_view text) {
  for (std::size_t at = text.find("://"); at != std::string_view::npos;
       at = text.find("://", at + 1)) {
    if (at > 0 && (IsLetter(text[at - 1]) || IsDigit(text[at - 1]))) return true;
  }
  return text.size() > 4 && (text.substr(0, 4) == "www." || text.substr(0, 4) == "WWW.");
}

// 20 characters in a row with a digit, an upper and a lower case letter among the run.
bool HasBase64Key(std::string_view text) {
  std::size_t run = 0;
  bool digit = false;
  bool upper = false;
  bool lower = false;
  for (char c : text) {
    if (!IsBase64(c)) {
      run = 0;
      digit = upper = lower = false;
      continue;
    }
    ++run;
    digit |= IsDigit(c);
    upper |= IsUpper(c);
    lower |= IsLower(c);
    if (run >= kBase64Characters && digit && upper && lower) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string_view> LooksLikeIdentifier(std::string_view text) {
  if (HasUuid(text)) return "a UUID";
  if (HasUrl(text)) return "a URL";
  if (HasEmailAddress(text)) return "an e-mail address";
  if (HasRun(text, IsDigit, kDigits)) return "a number of 9 or more digits";
  if (HasRun(text, IsHex, kHexDigits)) return "20 or more hex digits";
  if (HasBase64Key(text)) return "a base64 key";
  return std::nullopt;
}

}  // namespace tidegauge
