// `tidegauge check`: every fault of the config and the gauge files in one run.
#pragma once

#include <string>
#include <vector>

namespace tidegauge {

struct CheckOptions {
  std::string config_file = {};         // empty: ./config.yaml where there is one
  std::vector<std::string> files = {};  // gauge files; empty: those that the config points at
  bool strict = false;                  // warnings count as errors
  bool database = false;                // also describe each statement on its databases
};

// Returns the exit code (exit_code.h). Faults go to stderr, everything else to stdout.
int RunCheck(const CheckOptions& options);

}  // namespace tidegauge
