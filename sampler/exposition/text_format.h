// The two text formats: family headers, label values, sample lines. Pure.
//
// text 0.0.4:  https://prometheus.io/docs/instrumenting/exposition_formats/
// OpenMetrics: https://prometheus.io/docs/specs/om/open_metrics_spec/
//
// Sample lines are the same in both; only the headers (`# HELP`, `# TYPE`, `# UNIT`) differ.
#pragma once

#include <string>
#include <string_view>

#include "exposition/page.h"

namespace tidegauge {

// kInfo is a gauge that is always 1 to text 0.0.4, which has no such type.
enum class MetricType { kGauge, kCounter, kInfo };

// Appends the lines before a family's samples. `name` is that of its samples (with _total, _info).
void AppendFamilyHeader(std::string& out, PageFormat format, std::string_view name, MetricType type,
                        std::string_view help);

// Appends `name="value"` with the value escaped. What is not UTF-8, and NUL, becomes U+FFFD: one
// bad byte would make Prometheus refuse the page. `name` must be a valid label name.
void AppendLabel(std::string& out, std::string_view name, std::string_view value);

// Appends help text, escaped as the format has it, with the same care for bytes.
void AppendHelp(std::string& out, PageFormat format, std::string_view help);

// Rewrites text 0.0.4 with its headers as OpenMetrics has them. Every family in `text` that ends in
// _total must be a counter and no other may be. Without the final `# EOF`.
std::string ToOpenMetrics(std::string_view text);

}  // namespace tidegauge
