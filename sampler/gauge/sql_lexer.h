// A small SQL lexer: as much of Postgres' rules as it takes to know what is code and what is text.
// Strings are read as under standard_conforming_strings = on, Postgres' default.
#pragma once

#include <cstddef>
#include <string_view>

namespace tidegauge {

struct SqlToken {
  enum class Kind {
    kEnd,
    kWord,        // keyword or name without quotes; `text` as written
    kQuotedName,  // "name"
    kString,  // 'text', E'text', $tag$text$tag$ and the like; `text` is what is between the quotes
    kNumber,
    kParameter,  // $1
    kSymbol,     // one character: ( ) [ ] , ; . \ or of an operator
    kUnclosed,   // a string, name or comment that does not end; the last token but kEnd
  };
  Kind kind = Kind::kEnd;
  std::size_t begin = 0;  // offset in the text
  std::string_view text;

  // Whether it is this keyword (given in lower case), whatever its case.
  bool IsWord(std::string_view keyword) const;
  bool IsSymbol(char c) const { return kind == Kind::kSymbol && text[0] == c; }
};

// Tokens without white space and comments. The text must outlive the lexer and its tokens.
class SqlLexer {
 public:
  explicit SqlLexer(std::string_view sql) : sql_(sql) {}

  SqlToken Next();
  // Goes on behind the current line: what follows a psql command is not SQL.
  void SkipLine();

 private:
  bool SkipBlanksAndComments(SqlToken& unclosed);
  SqlToken Quote(std::size_t begin, std::size_t open, SqlToken::Kind kind, bool backslashes);
  SqlToken Dollar();
  SqlToken Make(SqlToken::Kind kind, std::size_t begin, std::size_t end);

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace tidegauge
