// One sample: a query run once on one session, from BEGIN to reading. A failed sample is a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "database/database.h"
#include "sampling/board.h"

namespace tidegauge {

// What is kept of a target between its samples.
struct SampleMemory {
  std::optional<Projection> projection;           // unset: describe first
  std::vector<std::vector<std::string>> members;  // of open label sets
};

struct SampleLimits {
  std::chrono::milliseconds timeout{5'000};
  std::size_t max_rows = 10'000;
};

struct SampleResult {
  Outcome outcome;
  std::size_t rows = 0;
  bool session_lost = false;   // the session must be destroyed
  bool lost_at_begin = false;  // … and was found closed: worth one replacement
};

// Samples `target` on `session`. Does not throw for anything that a database or its rows can do.
SampleResult SampleOnce(Session& session, const Target& target, const SampleLimits& limits,
                        SampleMemory& memory);

}  // namespace tidegauge
