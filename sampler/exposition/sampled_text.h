// The gauges alone, as text 0.0.4: for files that another exporter serves beside its own metrics,
// where a second set of process_* would not do.
#pragma once

#include <map>
#include <string>

#include "sampling/board.h"

namespace tidegauge {

// Every gauge of the snapshot whose last sample succeeded, each with `labels` (config.yaml's).
std::string SampledText(const std::map<std::string, std::string>& labels,
                        const BoardSnapshot& snapshot);

}  // namespace tidegauge
