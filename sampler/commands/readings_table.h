// Readings as a table for a terminal.
#pragma once

#include <string>

#include "sampling/board.h"

namespace tidegauge {

// A line a series: gauge, database, labels, value; a line a gauge that has none. Control characters
// of label values are escaped.
std::string ReadingsTable(const BoardSnapshot& snapshot);

}  // namespace tidegauge
