// `tidegauge health`: asks /healthz of the configured address, for container health checks.
#pragma once

#include <optional>
#include <string>

namespace tidegauge {

struct HealthOptions {
  std::string config_file = {};  // empty: ./config.yaml where there is one
  std::optional<std::string> listen_address = std::nullopt;  // over web.listen
};

// Returns the exit code (exit_code.h): 0 where every loop turns, else 1.
int RunHealth(const HealthOptions& options);

}  // namespace tidegauge
