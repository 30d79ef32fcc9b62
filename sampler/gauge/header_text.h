// Where a gauge file's header is: the leading run of `--` lines, as YAML, and what follows it.
#pragma once

#include <cstddef>
#include <optional>
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

// A line of the header that is a comment and no YAML.
struct PlainComment {
  int line = 0;  // in the file
  int column = 0;
};

// Finds the first such line in front of the first `key:`, and empties it and those that follow it
// there, so that the rest can be read all the same.
std::optional<PlainComment> TakeFirstComment(HeaderText& header);

// Finds and empties the first such line at the left margin of the YAML up to `last_line` of the
// file. Text in quotes or brackets may go on there: only for YAML that could not be read.
std::optional<PlainComment> TakeComment(HeaderText& header, int last_line);

// `key` of `--  key: …`, from a whole line; empty where it is no such comment.
std::string_view CommentedKey(std::string_view line);

}  // namespace tidegauge
