#include "database/types.h"

#include <algorithm>
#include <array>

namespace tidegauge {
namespace {

using enum ColumnType;

// Sorted by OID. (src/include/catalog/pg_type.dat; these never change.)
constexpr std::array kTypes = {
    KnownType{16, kBoolean, "boolean"},
    KnownType{17, ColumnType::kOther, "bytea"},
    KnownType{18, kText, "\"char\""},
    KnownType{19, kText, "name"},
    KnownType{20, kInteger, "bigint"},
    KnownType{21, kInteger, "smallint"},
    KnownType{23, kInteger, "integer"},
    KnownType{24, kText, "regproc"},
    KnownType{25, kText, "text"},
    KnownType{26, kInteger, "oid"},
    KnownType{27, ColumnType::kOther, "tid"},
    KnownType{28, ColumnType::kOther, "xid"},
    KnownType{29, ColumnType::kOther, "cid"},
    KnownType{114, ColumnType::kOther, "json"},
    KnownType{142, ColumnType::kOther, "xml"},
    KnownType{650, kText, "cidr"},
    KnownType{700, kFloat, "real"},
    KnownType{701, kFloat, "double precision"},
    KnownType{705, kText, "unknown"},
    KnownType{774, kText, "macaddr8"},
    KnownType{790, ColumnType::kOther, "money"},
    KnownType{829, kText, "macaddr"},
    KnownType{869, kText, "inet"},
    KnownType{1042, kText, "character"},
    KnownType{1043, kText, "character varying"},
    KnownType{1082, kDate, "date"},
    KnownType{1083, ColumnType::kOther, "time without time zone"},
    KnownType{1114, kTimestamp, "timestamp without time zone"},
    KnownType{1184, kTimestamp, "timestamp with time zone"},
    KnownType{1186, kInterval, "interval"},
    KnownType{1266, ColumnType::kOther, "time with time zone"},
    KnownType{1560, kText, "bit"},
    KnownType{1562, kText, "bit varying"},
    KnownType{1700, kNumeric, "numeric"},
    KnownType{2205, kText, "regclass"},
    KnownType{2206, kText, "regtype"},
    KnownType{2249, ColumnType::kOther, "record"},
    KnownType{2950, kText, "uuid"},
    KnownType{3802, ColumnType::kOther, "jsonb"},
    KnownType{4089, kText, "regnamespace"},
    KnownType{4096, kText, "regrole"},
};

}  // namespace

const KnownType* FindKnownType(std::uint32_t oid) {
  const auto* found =
      std::lower_bound(kTypes.begin(), kTypes.end(), oid,
                       [](const KnownType& type, std::uint32_t key) { return type.oid < key; });
  return found != kTypes.end() && found->oid == oid ? found : nullptr;
}

std::string TypeLookup(const std::vector<std::uint32_t>& oids) {
  std::string sql =
      "SELECT oid, typtype, typcategory, pg_catalog.format_type(oid, NULL)"
      " FROM pg_catalog.pg_type WHERE oid IN (";
  for (std::size_t i = 0; i < oids.size(); ++i) {
    if (i > 0) sql += ", ";
    sql += std::to_string(oids[i]);
  }
  return sql + ")";
}

ColumnType ClassifyType(std::string_view typtype, std::string_view typcategory) {
  if (typtype == "e" || typcategory == "E") return kText;
  if (typtype == "b" && typcategory == "S") return kText;
  return ColumnType::kOther;
}

}  // namespace tidegauge
