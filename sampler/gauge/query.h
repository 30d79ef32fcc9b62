// What a gauge file defines: a query with its schedule, limits and gauges. Plain values, made by
// ParseGaugeFile, never changed afterwards; shared between threads as std::shared_ptr<const Query>.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace tidegauge {

enum class Combine { kSum, kMax, kMin, kNone };
enum class Missing { kZero, kAbsent };
enum class Nulls { kAbsent, kZero, kFail };
enum class Identifiers { kRefuse, kFold, kAllow };

// The name of the label value that rows outside a closed list, or beyond an open set's N, fold
// into.
inline constexpr const char* kOther = "other";
// The label value of NULL and ''.
inline constexpr const char* kUnknown = "unknown";

// One result column that becomes a label.
struct Label {
  std::string column = {};               // also the label's name
  bool closed = true;                    // closed list, else open set
  std::vector<std::string> values = {};  // closed: the list, in the file's order
  std::size_t max = 0;  // open: N, how many values are kept; `other` is not counted
  bool operator==(const Label&) const = default;
};

// One metric that the query feeds.
struct Gauge {
  std::string name = {};
  std::string help = {};   // as the file says; the page appends file and interval
  std::string value = {};  // column; empty: `value`, else the only column that is no label
  Combine combine = Combine::kSum;
  Missing missing = Missing::kAbsent;
  Nulls nulls = Nulls::kAbsent;
  std::string link = {};    // http(s) URL or empty; the query's where the gauge names none
  std::string panel = {};   // YAML text as the file has it, not yet checked; empty: none
  std::string alerts = {};  // likewise
  bool operator==(const Gauge&) const = default;
};

struct Query {
  std::string name;           // path under the queries directory without .sql, e.g. workflow/items
  std::string file;           // as shown to users, e.g. queries/workflow/items.sql
  std::string statement;      // all after the header, without the final ';'
  int statement_line = 1;     // 1-based line of the file on which `statement` begins
  std::vector<Label> labels;  // in the file's order; shared by all gauges
  std::vector<Gauge> gauges;  // at least one, in the file's order
  std::chrono::milliseconds every{60'000};
  std::chrono::milliseconds timeout{5'000};
  std::chrono::milliseconds keep_for{180'000};
  std::size_t max_series = 100;  // over all gauges of the query on one database
  Identifiers identifiers = Identifiers::kRefuse;
  std::map<std::string, std::string> params;  // header values overridden by config.yaml's
  bool all_databases = false;
  std::vector<std::string> databases;  // empty and not all_databases: the first of config.yaml
  bool enabled = true;
  std::string owner;
  std::string runbook;
  std::string link;
  bool name_rules = true;
  bool operator==(const Query&) const = default;
};

}  // namespace tidegauge
