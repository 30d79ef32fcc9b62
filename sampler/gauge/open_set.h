// Which values of an open set are kept. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tidegauge {

struct OpenValue {
  std::string_view name;
  double total = 0;         // the first gauge's, over all rows of the value; finite
  bool was_member = false;  // of the former reading
};

// a + b, held within the finite doubles: totals rank, and must compare.
double AddFinite(double a, double b);

// Indices into `values` of the `max` that are kept, in order of name: the largest totals, ties by
// name. A former member gives way only to a value from whose total it has fallen more than a tenth:
// it stays while its own total is at least 90 % of the newcomer's (for a newcomer's total below
// zero: while it is at most a tenth of that amount lower). So two values that are nearly even do
// not change places at every sample, and none that is much larger than a member is ever left out.
std::vector<std::size_t> ChooseMembers(const std::vector<OpenValue>& values, std::size_t max);

}  // namespace tidegauge
