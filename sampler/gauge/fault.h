// What is wrong with a file a user wrote: file, line, column, message, and the line itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidegauge {

enum class Severity { kError, kWarning };

struct Fault {
  Severity severity = Severity::kError;
  std::string file = {};     // as the user would name it, e.g. queries/x.sql
  int line = 0;              // 1-based; 0: the file as a whole
  int column = 0;            // 1-based, in bytes of the line; 0: the line as a whole
  std::string message = {};  // what was expected, what was found, what to do; no trailing newline
  std::string source = {};   // the text of the line, shown above a caret; may be empty
};

// "queries/x.sql:3:4: error: unknown key 'evry' (did you mean 'every'?)" and, where `source` is
// set, the line and a caret under the column. Control characters and bytes that are not UTF-8 are
// shown escaped (tabs of the line are kept, above a caret that counts them). Ends without a
// newline.
std::string FormatFault(const Fault& fault);

bool HasErrors(const std::vector<Fault>& faults);

// " (did you mean 'every'?)" for the candidate nearest to `word`, or "" where none is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates);

// The text of 1-based line `line` of `text`, without its line break and without a byte order mark;
// "" past the end, and where the line is longer than a reader could use.
std::string SourceLine(std::string_view text, int line);

// 'text' in single quotes for a message, cut to a length that can be read.
std::string Quoted(std::string_view text);

// Orders faults[from…] by line and column; those of one place keep their order.
void SortFaults(std::vector<Fault>& faults, std::size_t from);

}  // namespace tidegauge
