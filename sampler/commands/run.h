// `tidegauge run`: the daemon.
#pragma once

#include <optional>
#include <string>

namespace tidegauge {

struct RunOptions {
  std::string config_file = {};  // empty: ./config.yaml where there is one
  std::optional<std::string> listen_address = std::nullopt;  // over web.listen
  std::optional<std::string> log_level = std::nullopt;       // over log.level
  std::optional<std::string> log_format = std::nullopt;      // over log.format
};

// Runs until SIGTERM or SIGINT. Returns the exit code (exit_code.h).
int RunDaemon(const RunOptions& options);

}  // namespace tidegauge
