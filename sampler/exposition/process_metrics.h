// The process-level metrics, as every Prometheus client has them, by prometheus-cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tidegauge {

struct ProcessStats {
  double cpu_seconds = 0;  // user and system, since the process began
  double start_time = 0;   // seconds since 1970
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
  std::uint64_t threads = 0;
};

// Reads /proc/self; std::nullopt where that cannot be read. Costs some 50 µs.
std::optional<ProcessStats> ReadProcessStats();
using ProcessSource = std::function<std::optional<ProcessStats>()>;

// Not thread-safe.
class ProcessMetrics {
 public:
  explicit ProcessMetrics(const std::map<std::string, std::string>& labels);
  ~ProcessMetrics();
  ProcessMetrics(const ProcessMetrics&) = delete;
  ProcessMetrics& operator=(const ProcessMetrics&) = delete;

  // All families as text 0.0.4.
  std::string Serialize(const ProcessStats& stats);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegauge
