// What can be known of a gauge's statement without a database: one statement, one that only reads.
// The read-only transaction is what holds; this says it early and in the file's own terms.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidegauge {

struct SqlFault {
  std::size_t offset = 0;  // in the text
  std::string message;
};

struct SqlCheck {
  std::size_t end = 0;  // where the statement ends: before its final ';' or the blanks at the end
  std::vector<SqlFault> faults;
  // Each current_setting('tidegauge.<name>'): name in lower case, and where its string stands.
  std::vector<std::pair<std::string, std::size_t>> params;
};

// `sql` is all after the header. Never throws; time and memory grow with the text's length alone.
SqlCheck CheckSql(std::string_view sql);

}  // namespace tidegauge
