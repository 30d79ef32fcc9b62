// Where a gauge file's header is: the leading run of `--` lines, as YAML, and what follows it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidegauge {

inline constexpr std::size_t kMaxHeaderBytes = 64 * 1024;

struct HeaderText {
  std::string yaml;           // each line without its `--` and one following space
  std::vector<int> indents;   // bytes cut from the left of each line
  int first_line = 1;         // the file's line that the header begins on
  std::size_t bytes = 0;      // of the lines in the file
  std::size_t statement = 0;  // offset of what follows the header
  int statement_line = 1;     // the line it begins on
};

// Blank lines and a byte order mark before the header are passed over. A file without a header has
// no lines in it, and all of it is the statement.
HeaderText SplitHeader(std::string_view text);

// A comment that is no YAML, in front of the first `key:` of the header.
struct PlainComment {
  int line = 0;  // in the file; 0: there is none
  int column = 0;
};

// Finds such a comment and empties its lines, so that the rest can be read all the same.
PlainComment TakePlainComment(HeaderText& header);

// `key` of `--  key: …`, from a whole line; empty where it is no such comment.
std::string_view CommentedKey(std::string_view line);

}  // namespace tidegauge
