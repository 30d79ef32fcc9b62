// Durations as Prometheus writes them: 10ms, 5s, 1m30s, 2h, 1d, 1w; units in falling order, each
// once. (https://prometheus.io/docs/prometheus/latest/configuration/configuration/, <duration>;
// `y` is not taken: no interval here is that long.)
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tidegauge {

// std::nullopt where the text is no duration or does not fit; "0" alone is zero.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

// The spelling in the largest units, which ParseDuration reads back as the same: 90 s is "1m30s",
// 8 days are "8d" (weeks only where they are whole), zero is "0s".
std::string FormatDuration(std::chrono::milliseconds duration);

}  // namespace tidegauge
