// The value columns of a result as numbers.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <variant>
#include <vector>

#include "gauge/failure.h"
#include "gauge/query.h"
#include "gauge/reading.h"

namespace tidegauge {

// What stands for NULL among numbers: no row gives a NaN, they fail.
inline constexpr double kNullNumber = std::numeric_limits<double>::quiet_NaN();
inline bool IsNull(double number) { return std::isnan(number); }

// One vector a value column, one number a row. Fails with kType where a column is no longer of the
// type that was described or holds what is no finite number, with kNull where a gauge fails on
// NULL.
std::variant<std::vector<std::vector<double>>, Failure> ReadValueColumns(
    const Query& query, const Projection& projection, const Rows& rows);

}  // namespace tidegauge
