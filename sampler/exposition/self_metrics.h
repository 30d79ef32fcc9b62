// What the sampler says of itself: names, types, help texts and values, in the order of the page.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "exposition/text_format.h"
#include "sampling/board.h"

namespace tidegauge {

// One line for each query and database.
struct TargetMetric {
  std::string_view name;
  MetricType type;
  std::string_view help;
  bool changes;  // with samples; the others come from the query's file alone
  // `served`: the reading is on the page (kept for long enough, by the page's clock).
  double (*value)(const TargetState& state, bool served);
};
std::span<const TargetMetric> TargetMetrics();

// One line for each database.
struct DatabaseMetric {
  std::string_view name;
  MetricType type;
  std::string_view help;
  double (*value)(const DatabaseState& state);
};
std::span<const DatabaseMetric> DatabaseMetrics();

// One line.
struct ReloadMetric {
  std::string_view name;
  MetricType type;
  std::string_view help;
  double (*value)(const ReloadState& state);
};
std::span<const ReloadMetric> ReloadMetrics();

// Families with labels of their own.
inline constexpr std::string_view kBuildInfo = "tidegauge_build_info";
inline constexpr std::string_view kBuildInfoHelp = "Version and revision that is running.";
inline constexpr std::string_view kMetricInfo = "tidegauge_metric_info";
inline constexpr std::string_view kMetricInfoHelp =
    "Which query feeds a gauge on which database, and who owns it.";
inline constexpr std::string_view kFailures = "tidegauge_failures_total";
inline constexpr std::string_view kFailuresHelp =
    "Failed samples of all queries of the database, by reason.";

}  // namespace tidegauge
