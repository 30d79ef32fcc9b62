#include "gauge/sql_lexer.h"

#include <algorithm>

namespace tidegauge {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
// Any byte above ASCII may be part of a name.
bool BeginsWord(char c) {
  return (Lower(c) >= 'a' && Lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool ContinuesTag(char c) { return BeginsWord(c) || IsDigit(c); }
bool ContinuesWord(char c) { return ContinuesTag(c) || c == '$'; }

}  // namespace

bool SqlToken::IsWord(std::string_view keyword) const {
  return kind == Kind::kWord && text.size() == keyword.size() &&
         std::equal(text.begin(), text.end(), keyword.begin(),
                    [](char a, char b) { return Lower(a) == b; });
}

SqlToken SqlLexer::Make(SqlToken::Kind kind, std::size_t begin, std::size_t end) {
  at_ = end;
  return {kind, begin, sql_.substr(begin, end - begin)};
}

void SqlLexer::SkipLine() { at_ = std::min(sql_.find('\n', at_), sql_.size()); }

// False where a comment is not closed. A line comment ends at a carriage return too, as in
// Postgres.
bool SqlLexer::SkipBlanksAndComments(SqlToken& unclosed) {
  while (at_ < sql_.size()) {
    if (IsBlank(sql_[at_])) {
      ++at_;
    } else if (sql_.compare(at_, 2, "--") == 0) {
      at_ = std::min(sql_.find_first_of("\n\r", at_), sql_.size());
    } else if (sql_.compare(at_, 2, "/*") == 0) {
      const std::size_t begin = at_;
      std::size_t depth = 1;
      at_ += 2;
      while (depth > 0) {
        at_ = sql_.find_first_of("/*", at_);
        if (at_ == std::string_view::npos) {
          unclosed = Make(SqlToken::Kind::kUnclosed, begin, sql_.size());
          return false;
        }
        if (sql_.compare(at_, 2, "/*") == 0) {
          ++depth;
          at_ += 2;
        } else if (sql_.compare(at_, 2, "*/") == 0) {
          --depth;
          at_ += 2;
        } else {
          ++at_;
        }
      }
    } else {
      return true;
    }
  }
  return true;
}

// From the quote at `open`, which closes what it opens; doubled, it stands for itself.
SqlToken SqlLexer::Quote(std::size_t begin, std::size_t open, SqlToken::Kind kind,
                         bool backslashes) {
  const char quote = sql_[open];
  for (std::size_t i = open + 1; i < sql_.size(); ++i) {
    if (backslashes && sql_[i] == '\\') {
      ++i;
    } else if (sql_[i] == quote) {
      if (i + 1 < sql_.size() && sql_[i + 1] == quote) {
        ++i;
      } else {
        at_ = i + 1;
        return {kind, begin, sql_.substr(open + 1, i - open - 1)};
      }
    }
  }
  return Make(SqlToken::Kind::kUnclosed, begin, sql_.size());
}

SqlToken SqlLexer::Dollar() {
  const std::size_t begin = at_;
  std::size_t end = begin + 1;
  if (end < sql_.size() && IsDigit(sql_[end])) {
    while (end < sql_.size() && IsDigit(sql_[end])) ++end;
    return Make(SqlToken::Kind::kParameter, begin, end);
  }
  if (end < sql_.size() && BeginsWord(sql_[end])) {
    while (end < sql_.size() && ContinuesTag(sql_[end])) ++end;
  }
  if (end >= sql_.size() || sql_[end] != '$') {
    return Make(SqlToken::Kind::kSymbol, begin, begin + 1);
  }
  const std::string_view tag = sql_.substr(begin, end + 1 - begin);
  const std::size_t close = sql_.find(tag, end + 1);
  if (close == std::string_view::npos) {
    return Make(SqlToken::Kind::kUnclosed, begin, sql_.size());
  }
  at_ = close + tag.size();
  return {SqlToken::Kind::kString, begin, sql_.substr(end + 1, close - end - 1)};
}

SqlToken SqlLexer::Next() {
  SqlToken unclosed;
  if (!SkipBlanksAndComments(unclosed)) return unclosed;
  if (at_ >= sql_.size()) return {SqlToken::Kind::kEnd, sql_.size(), {}};
  const std::size_t begin = at_;
  const char c = sql_[begin];
  const auto next_is = [&](std::size_t offset, char wanted) {
    return begin + offset < sql_.size() && sql_[begin + offset] == wanted;
  };
  if (c == '\'') return Quote(begin, begin, SqlToken::Kind::kString, false);
  if (c == '"') return Quote(begin, begin, SqlToken::Kind::kQuotedName, false);
  if (c == '$') return Dollar();
  if (next_is(1, '\'')) {
    const char prefix = Lower(c);
    if (prefix == 'e') return Quote(begin, begin + 1, SqlToken::Kind::kString, true);
    if (prefix == 'b' || prefix == 'x' || prefix == 'n') {
      return Quote(begin, begin + 1, SqlToken::Kind::kString, false);
    }
  }
  if (Lower(c) == 'u' && next_is(1, '&')) {
    if (next_is(2, '\'')) return Quote(begin, begin + 2, SqlToken::Kind::kString, false);
    if (next_is(2, '"')) return Quote(begin, begin + 2, SqlToken::Kind::kQuotedName, false);
  }
  std::size_t end = begin + 1;
  if (BeginsWord(c)) {
    while (end < sql_.size() && ContinuesWord(sql_[end])) ++end;
    return Make(SqlToken::Kind::kWord, begin, end);
  }
  if (IsDigit(c)) {
    while (end < sql_.size() && (IsDigit(sql_[end]) || sql_[end] == '.')) ++end;
    return Make(SqlToken::Kind::kNumber, begin, end);
  }
  return Make(SqlToken::Kind::kSymbol, begin, end);
}

}  // namespace tidegauge
