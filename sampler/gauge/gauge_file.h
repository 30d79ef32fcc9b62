// Gauge file → Query. Strict: every fault in one pass, with file:line:column.
// Format: docs/gauge-files.md. Pure: no clock, no file system, no environment.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gauge/fault.h"
#include "gauge/query.h"

namespace tidegauge {

// What a header that is silent gets, and what config.yaml says over it.
struct GaugeFileDefaults {
  std::chrono::milliseconds every{60'000};
  std::chrono::milliseconds timeout{5'000};
  std::size_t max_series = 100;
  std::map<std::string, std::string> params;  // config.yaml's: override the header's of that name
  std::vector<std::string> reserved_labels;  // config.yaml's label names: no gauge label may be one
};

// Parses one file. Appends every fault found to `faults`; returns the query where no error was
// found (warnings may have been). `file` is what faults and Query::file show; `name` is the query's
// name and must match [a-z0-9_-]+ joined by '/' (a fault otherwise).
std::optional<Query> ParseGaugeFile(std::string_view file, std::string_view name,
                                    std::string_view text, const GaugeFileDefaults& defaults,
                                    std::vector<Fault>& faults);

}  // namespace tidegauge
