// An error as the server sent it, taken apart.
//
// libpqxx keeps of a failed result the SQLSTATE (and not always that) and libpq's text. With
// libpq's verbosity set to verbose the text holds every field, in this order, under labels that
// stay English whatever lc_messages is (only the severity and the texts themselves are the
// server's):
//
//   ERROR:  42703: column "statu" does not exist
//   LINE 7: SELECT statu, count(*)
//                  ^
//   HINT:  Perhaps you meant to reference the column "content_items.status".
//   LOCATION:  errorMissingColumn, parse_relation.c:3656
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidegauge {

struct ServerError {
  std::string sqlstate;  // five characters
  std::string message;   // the primary message, as one line
  std::string hint;      // as one line, or empty
  int line = 0;          // 1-based line of the statement sent; 0: not told
  int column = 0;        // 1-based, in characters as libpq counts them; 0: not told
  std::string function;  // of the server's source, e.g. errorMissingColumn
  std::string source;    // file of the server's source, e.g. parse_relation.c
};

// `sql` is the statement that was sent: libpq shortens long lines, so that the column is looked up
// in it. std::nullopt where the text holds no error of a server.
std::optional<ServerError> ParseServerError(std::string_view text, std::string_view sql);

}  // namespace tidegauge
