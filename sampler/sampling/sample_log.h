// What the log says of samples: a failure that goes on is told when it starts, when its reason
// changes, once an hour, and when it ends; never row data, always the same keys.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "sampling/board.h"

namespace tidegauge {

// Of one target. Not thread-safe: a query never overlaps itself.
class SampleLog {
 public:
  enum class Event { kSuccess, kRecovered, kFailure, kStillFailing };

  // What this outcome is to a reader of the log. kSuccess and kStillFailing are told at debug
  // level.
  Event Classify(const std::optional<Reason>& failure, std::chrono::steady_clock::time_point now);

  // Classifies and writes the line.
  void Write(const Target& target, const Outcome& outcome, std::size_t rows,
             std::chrono::steady_clock::time_point now);

 private:
  std::optional<Reason> failing_;
  std::chrono::steady_clock::time_point told_{};
};

// 16 hexadecimal digits, new for each call: joins the log lines of one sample.
std::string NewCorrelationId();

}  // namespace tidegauge
