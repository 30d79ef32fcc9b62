// Numbers as the page writes them. Pure.
#pragma once

#include <string>

namespace tidegauge {

// Appends the shortest digits that read back as the same double; whole numbers up to 2^53 without
// an exponent (1000000, not 1e+06), and never a negative zero. Not finite: NaN, +Inf, -Inf.
void AppendNumber(std::string& out, double value);

}  // namespace tidegauge
