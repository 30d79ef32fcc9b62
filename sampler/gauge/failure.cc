#include "gauge/failure.h"

namespace tidegauge {

std::string_view ReasonName(Reason reason) {
  switch (reason) {
    case Reason::kConnect:
      return "connect";
    case Reason::kTimeout:
      return "timeout";
    case Reason::kCancelled:
      return "cancelled";
    case Reason::kLockTimeout:
      return "lock_timeout";
    case Reason::kPermission:
      return "permission";
    case Reason::kReadOnly:
      return "read_only";
    case Reason::kColumns:
      return "columns";
    case Reason::kType:
      return "type";
    case Reason::kNull:
      return "null";
    case Reason::kDuplicate:
      return "duplicate";
    case Reason::kTooManyRows:
      return "too_many_rows";
    case Reason::kTooManySeries:
      return "too_many_series";
    case Reason::kIdentifier:
      return "identifier";
    case Reason::kLabelValue:
      return "label_value";
    case Reason::kSql:
      return "sql";
  }
  return "sql";  // no other value exists
}

}  // namespace tidegauge
