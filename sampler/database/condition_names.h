// The names that SQLSTATEs of classes 22 and 23 have in Postgres' documentation: all that is told
// of such an error, since its texts carry row values.
#pragma once

#include <string_view>

namespace tidegauge {

// "division_by_zero" for "22012"; the class' own name where the code is not known.
std::string_view ConditionName(std::string_view sqlstate);

}  // namespace tidegauge
