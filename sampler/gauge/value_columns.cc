#include "gauge/value_columns.h"

#include <algorithm>
#include <string>

#include "gauge/number.h"

namespace tidegauge {

std::variant<std::vector<std::vector<double>>, Failure> ReadValueColumns(
    const Query& query, const Projection& projection, const Rows& rows) {
  const std::size_t labels = projection.labels.size();
  const auto fail = [&](Reason reason, std::size_t value, const std::string& text) {
    return Failure{reason, query.file + ": column '" + projection.values[value].name + "' " + text,
                   ""};
  };
  std::vector<std::vector<double>> numbers(projection.values.size());
  for (std::size_t i = 0; i < projection.values.size(); ++i) {
    const Column& column = projection.values[i];
    if (rows.TypeOid(labels + i) != column.type_oid) {
      return fail(Reason::kType, i,
                  "is no longer " + column.type_name +
                      ", so a table or view was changed; the next sample looks at its type again");
    }
    numbers[i].reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto text = rows.Get(row, labels + i);
      if (!text) {
        numbers[i].push_back(kNullNumber);
        continue;
      }
      const auto number =
          column.type == ColumnType::kBoolean ? ParseBoolean(*text) : ParseNumber(*text);
      if (!number) {
        return fail(Reason::kType, i,
                    "holds NaN, infinity or a number beyond double precision; leave such rows "
                    "out with WHERE");
      }
      numbers[i].push_back(*number);
    }
  }
  for (std::size_t gauge = 0; gauge < query.gauges.size(); ++gauge) {
    if (query.gauges[gauge].nulls != Nulls::kFail) continue;
    const std::size_t value = projection.value_of_gauge[gauge];
    const auto nulls = std::count_if(numbers[value].begin(), numbers[value].end(), IsNull);
    if (nulls == 0) continue;
    return fail(Reason::kNull, value,
                "is NULL in " + std::to_string(nulls) + (nulls == 1 ? " row" : " rows") +
                    "; give it a number with coalesce(…), or set 'nulls: absent' or 'nulls: zero' "
                    "for gauge '" +
                    query.gauges[gauge].name + "'");
  }
  return numbers;
}

}  // namespace tidegauge
