#include "exposition/self_metrics.h"

#include <array>
#include <chrono>
#include <cmath>

namespace tidegauge {
namespace {

using enum MetricType;

// Seconds since 1970, to the millisecond; 0 for a time that never was.
double Timestamp(std::chrono::system_clock::time_point time) {
  using std::chrono::milliseconds;
  return static_cast<double>(
             std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count()) /
         1000.0;
}

double Seconds(std::chrono::milliseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

double ToMicroseconds(std::chrono::duration<double> duration) {
  return std::round(duration.count() * 1e6) / 1e6;
}

constexpr std::array kTargetMetrics = {
    TargetMetric{"tidegauge_query_up", kGauge,
                 "Whether the last sample of the query succeeded: 1 or 0; 0 before the first.",
                 true, [](const TargetState& state, bool) { return state.up ? 1.0 : 0.0; }},
    TargetMetric{"tidegauge_query_last_success_timestamp_seconds", kGauge,
                 "When the last good reading was taken, in seconds since 1970; 0: never.", true,
                 [](const TargetState& state, bool) {
                   return state.reading ? Timestamp(state.reading->time) : 0.0;
                 }},
    TargetMetric{"tidegauge_query_interval_seconds", kGauge,
                 "How often the query is sampled (every).", false,
                 [](const TargetState& state, bool) { return Seconds(state.query->every); }},
    TargetMetric{"tidegauge_query_timeout_seconds", kGauge,
                 "How long one sample of the query may take (timeout).", false,
                 [](const TargetState& state, bool) { return Seconds(state.query->timeout); }},
    TargetMetric{"tidegauge_query_duration_seconds", kGauge,
                 "How long the last sample of the query took, fetch included.", true,
                 [](const TargetState& state, bool) { return ToMicroseconds(state.duration); }},
    TargetMetric{
        "tidegauge_query_series", kGauge,
        "Series of the query that are served now; 0 once its reading is older than keep_for.", true,
        [](const TargetState& state, bool served) {
          return served ? static_cast<double>(state.reading->series) : 0.0;
        }},
    TargetMetric{"tidegauge_query_series_limit", kGauge,
                 "How many series the query may have on one database (max_series).", false,
                 [](const TargetState& state, bool) {
                   return static_cast<double>(state.query->max_series);
                 }},
    TargetMetric{"tidegauge_query_folded_values", kGauge,
                 "Label values of the last good reading that were folded into other.", true,
                 [](const TargetState& state, bool) {
                   return state.reading ? static_cast<double>(state.reading->folded_values) : 0.0;
                 }},
    TargetMetric{
        "tidegauge_query_absent_values", kGauge,
        "NULLs and expected series without a row in the last good reading, zero-filled ones "
        "left out.",
        true,
        [](const TargetState& state, bool) {
          return state.reading ? static_cast<double>(state.reading->absent_values) : 0.0;
        }},
    TargetMetric{"tidegauge_query_samples_total", kCounter,
                 "Samples of the query, good and failed.", true,
                 [](const TargetState& state, bool) { return static_cast<double>(state.samples); }},
    TargetMetric{
        "tidegauge_query_failures_total", kCounter, "Failed samples of the query.", true,
        [](const TargetState& state, bool) { return static_cast<double>(state.failures); }},
    TargetMetric{"tidegauge_query_skipped_total", kCounter,
                 "Ticks of the query that found it still running and were left out.", true,
                 [](const TargetState& state, bool) { return static_cast<double>(state.skipped); }},
};

constexpr std::array kDatabaseMetrics = {
    DatabaseMetric{"tidegauge_database_up", kGauge,
                   "Whether the last connect, sample or probe reached the server: 1 or 0.",
                   [](const DatabaseState& state) { return state.up ? 1.0 : 0.0; }},
    DatabaseMetric{
        "tidegauge_database_connections", kGauge, "Open sessions to the database.",
        [](const DatabaseState& state) { return static_cast<double>(state.connections); }},
    DatabaseMetric{"tidegauge_database_connects_total", kCounter,
                   "Sessions that were opened to the database.",
                   [](const DatabaseState& state) { return static_cast<double>(state.connects); }},
    DatabaseMetric{
        "tidegauge_database_role_writable", kGauge,
        "Whether our role is a superuser or may write: 1 or 0; it should have SELECT alone.",
        [](const DatabaseState& state) { return state.role_writable ? 1.0 : 0.0; }},
};

constexpr std::array kReloadMetrics = {
    ReloadMetric{"tidegauge_config_last_reload_successful", kGauge,
                 "Whether the last load of config and gauge files was taken: 1 or 0.",
                 [](const ReloadState& state) { return state.successful ? 1.0 : 0.0; }},
    ReloadMetric{"tidegauge_config_last_reload_success_timestamp_seconds", kGauge,
                 "When config and gauge files were last loaded, in seconds since 1970.",
                 [](const ReloadState& state) { return Timestamp(state.last_success); }},
};

}  // namespace

std::span<const TargetMetric> TargetMetrics() { return kTargetMetrics; }
std::span<const DatabaseMetric> DatabaseMetrics() { return kDatabaseMetrics; }
std::span<const ReloadMetric> ReloadMetrics() { return kReloadMetrics; }

}  // namespace tidegauge
