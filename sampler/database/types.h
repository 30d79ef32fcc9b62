// What Postgres' types are to a gauge.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gauge/reading.h"

namespace tidegauge {

struct KnownType {
  std::uint32_t oid;
  ColumnType type;
  std::string_view name;  // as format_type writes it
};

// A type of Postgres' own: its OID is the same on every server. Null for all others. (A column of a
// domain is reported with the domain's base type.)
const KnownType* FindKnownType(std::uint32_t oid);

// The query that looks other types up: rows of oid, typtype, typcategory, name.
std::string TypeLookup(const std::vector<std::uint32_t>& oids);

// What a type is by its pg_type.typtype and typcategory: enums and strings (citext) are text.
ColumnType ClassifyType(std::string_view typtype, std::string_view typcategory);

}  // namespace tidegauge
