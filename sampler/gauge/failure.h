// Why a sample failed. Reasons are a public contract: later versions may add some, never rename
// one.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace tidegauge {

enum class Reason {
  kConnect,        // SQLSTATE 08, 28, 3D000, 53300, 57P0x, a broken socket, back-off
  kTimeout,        // 57014 once the timeout has passed, or our own cut-off
  kCancelled,      // 57014 before that, or shutdown
  kLockTimeout,    // 55P03
  kPermission,     // 42501
  kReadOnly,       // 25006, or a data-modifying statement
  kColumns,        // a column missing, extra or twice
  kType,           // a column of a type that cannot be used; NaN, infinity, overflow
  kNull,           // NULL under `nulls: fail`
  kDuplicate,      // two rows with the same labels as the database gave them
  kTooManyRows,    // more than limits.rows
  kTooManySeries,  // more than max_series, or the page over limits.series
  kIdentifier,     // an open label value that looks like an identifier
  kLabelValue,     // a label too long, not UTF-8, or folding under `combine: none`
  kSql,            // every other SQLSTATE
};

inline constexpr std::array kAllReasons = {
    Reason::kConnect,    Reason::kTimeout,    Reason::kCancelled,   Reason::kLockTimeout,
    Reason::kPermission, Reason::kReadOnly,   Reason::kColumns,     Reason::kType,
    Reason::kNull,       Reason::kDuplicate,  Reason::kTooManyRows, Reason::kTooManySeries,
    Reason::kIdentifier, Reason::kLabelValue, Reason::kSql,
};
inline constexpr std::size_t kReasonCount = kAllReasons.size();

// "connect", "lock_timeout", …: as it stands in metrics, logs and the API.
std::string_view ReasonName(Reason reason);

// A failed sample: a value, not an exception.
struct Failure {
  Reason reason = Reason::kSql;
  std::string message;   // names file, column and what to do; never row data, never a secret
  std::string sqlstate;  // five characters where the server gave one, else empty
};

}  // namespace tidegauge
