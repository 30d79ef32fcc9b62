// One label column of a result: its distinct values and where each goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gauge/failure.h"
#include "gauge/query.h"
#include "gauge/reading.h"
#include "gauge/tuples.h"

namespace tidegauge {

inline constexpr std::size_t kMaxLabelBytes = 128;

// The distinct values of one label, NULL first, then by bytes. The views are the Rows'.
using LabelValues = std::vector<std::optional<std::string_view>>;

// Reads column `label` of all rows: tuple r gets, at `label`, the number of row r's value.
LabelValues ReadLabelValues(const Rows& rows, std::size_t label, Tuples& row_values);

// Fails with kLabelValue where a value is too long or not UTF-8, with kIdentifier where one of an
// open set looks like an identifier and the query refuses those.
std::optional<Failure> CheckLabelValues(const Query& query, const Label& label,
                                        const LabelValues& values);

// The label values that series have, in their order, and which of them each value becomes.
struct Slots {
  std::vector<std::string> names;       // closed: the list; open: the members by name; then `other`
  std::vector<std::uint32_t> of_value;  // per LabelValues: index into `names`
  std::size_t expected = 0;  // the first so many are what a series is expected for; `other`, unless
                             // the list names it, comes after them
  std::size_t folded = 0;    // distinct values that went into `other`

  bool IsOther(std::uint32_t slot) const { return names[slot] == kOther; }
};

Slots MakeClosedSlots(const Label& label, const LabelValues& values);

// `totals` is what each value ranks by; `previous` are the former members, in any order.
Slots MakeOpenSlots(const Label& label, Identifiers identifiers, const LabelValues& values,
                    const std::vector<double>& totals, const std::vector<std::string>& previous);

}  // namespace tidegauge
