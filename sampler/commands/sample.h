// `tidegauge sample`: every query, or the named ones, once; prints the readings.
#pragma once

#include <string>
#include <vector>

namespace tidegauge {

enum class SampleFormat { kTable, kPrometheus, kJson };

struct SampleOptions {
  std::string config_file = {};         // empty: ./config.yaml where there is one
  std::vector<std::string> names = {};  // of queries; empty: every enabled one
  SampleFormat format = SampleFormat::kTable;
  std::string output = {};  // a file, written by rename; empty: stdout
};

// Returns the exit code (exit_code.h).
int RunSample(const SampleOptions& options);

}  // namespace tidegauge
