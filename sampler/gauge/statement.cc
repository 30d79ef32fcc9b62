#include "gauge/statement.h"

namespace tidegauge {
namespace {

// `head`, then the statement on the line of its file, then the end of the subquery. The line break
// before the bracket ends a `--` comment on the statement's last line.
std::string Wrap(const Query& query, std::string head, std::size_t limit) {
  if (query.statement_line > 1) {
    head.append(static_cast<std::size_t>(query.statement_line) - 1, '\n');
  }
  return head + query.statement + "\n) AS q LIMIT " + std::to_string(limit);
}

}  // namespace

std::string DescribeStatement(const Query& query) { return Wrap(query, "SELECT * FROM (", 0); }

std::string FetchStatement(const Query& query, const Projection& projection, std::size_t max_rows) {
  std::string head = "SELECT ";
  for (const Column& column : projection.labels) {
    // One character more than a label may have bytes: so one that is too long is seen to be.
    head += "left(q." + QuoteIdentifier(column.name) + "::text, 129), ";
  }
  for (const Column& column : projection.values) {
    head += "q." + QuoteIdentifier(column.name) + ", ";
  }
  head.replace(head.size() - 2, 2, " FROM (");
  return Wrap(query, std::move(head), max_rows + 1);
}

std::string QuoteIdentifier(std::string_view name) {
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

std::string QuoteLiteral(std::string_view text) {
  std::string quoted = text.find('\\') == std::string_view::npos ? "'" : "E'";
  for (char c : text) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  quoted += '\'';
  return quoted;
}

}  // namespace tidegauge
