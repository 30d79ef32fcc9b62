// The SQL that wraps a gauge file's statement. Postgres' own `LINE n` stays the line of the file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gauge/query.h"
#include "gauge/reading.h"

namespace tidegauge {

// SELECT * FROM (…) AS q LIMIT 0
std::string DescribeStatement(const Query& query);

// SELECT left(q."status"::text, 129), q."value" FROM (…) AS q LIMIT max_rows + 1
std::string FetchStatement(const Query& query, const Projection& projection, std::size_t max_rows);

// "status" with embedded double quotes doubled.
std::string QuoteIdentifier(std::string_view name);
// 'text' with quotes doubled, E'' where it holds a backslash: right under any
// standard_conforming_strings. The text must hold no NUL.
std::string QuoteLiteral(std::string_view text);

}  // namespace tidegauge
