// Rows → reading: types, folding, zero-filling, limits. Pure; see docs/gauge-files.md for the
// rules.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gauge/failure.h"
#include "gauge/query.h"

namespace tidegauge {

// What a Postgres type is to a gauge.
enum class ColumnType {
  kInteger,    // smallint, integer, bigint, oid: value or label
  kNumeric,    // numeric: value
  kFloat,      // real, double precision: value
  kBoolean,    // value (0/1) or label (false/true)
  kText,       // text, varchar, char(n), name, enum, uuid, inet and the like: label
  kTimestamp,  // timestamp with or without time zone: error, cure is extract(epoch FROM …)
  kDate,       // likewise
  kInterval,   // likewise
  kOther,      // json, arrays, ranges, composites, bytea, money, …: error
};

// A result column as the database describes it.
struct Column {
  std::string name;
  ColumnType type = ColumnType::kOther;
  std::string type_name;       // as Postgres writes it, e.g. "timestamp with time zone"
  std::uint32_t type_oid = 0;  // compared with each later result: the type may change under us
};

// What is selected from the statement: the label columns in header order, then each value column
// once. The first sample makes it from the description; later ones reuse it.
struct Projection {
  std::vector<Column> labels;
  std::vector<Column> values;
  std::vector<std::size_t> value_of_gauge;  // index into `values`, one per gauge
};

// Checks the described columns against the header. Fails with kColumns or kType.
std::variant<Projection, Failure> Project(const Query& query, const std::vector<Column>& columns);

// A result set in the order of the Projection. Views stay valid as long as the Rows.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual std::size_t size() const = 0;
  virtual std::optional<std::string_view> Get(std::size_t row, std::size_t column) const = 0;
  virtual std::uint32_t TypeOid(std::size_t column) const = 0;
};

struct Series {
  std::vector<std::string> labels;  // values, in the order of Query::labels
  double value = 0;
  bool operator==(const Series&) const = default;
};

struct GaugeReading {
  // Sorted by label, the first one first: closed ones in list order, open ones by name, `other`
  // last (where the list names it: in its place).
  std::vector<Series> series;
  bool operator==(const GaugeReading&) const = default;
};

// The complete outcome of one successful sample.
struct Reading {
  std::chrono::system_clock::time_point time{};  // our clock just before the statement was sent
  std::vector<GaugeReading> gauges;              // one per Query::gauges
  std::size_t rows = 0;                          // rows that the database gave
  std::size_t series = 0;                        // all series of all gauges, `other` included
  // Distinct label values that went into `other`, over all labels.
  std::size_t folded_values = 0;
  // Over all gauges: NULLs under `nulls: absent`, one a row, and expected series without a row
  // under `missing: absent`.
  std::size_t absent_values = 0;
  // Per label: the values of an open set that were kept, by name; closed: empty.
  std::vector<std::vector<std::string>> members;
};

// `time` is left for the caller to set. `previous_members` is the former reading's `members` (empty
// at first): a member of an open set gives way only to a value from which it has fallen more than a
// tenth (gauge/open_set.h says it exactly). The same rows in another order give the same reading.
//
// A row's labels are compared twice: as the database gave them (two equal ones fail: kDuplicate;
// NULL and '' differ), and as they are shown, with `unknown` and `other` (equal ones are combined).
// The rows' values must be in text format; the type of a label column is not looked at again, it
// comes as text.
std::variant<Reading, Failure> MakeReading(
    const Query& query, const Projection& projection, const Rows& rows, std::size_t max_rows,
    const std::vector<std::vector<std::string>>& previous_members);

}  // namespace tidegauge
