#include "commands/health.h"

#include <chrono>
#include <cstdio>
#include <exception>
#include <vector>

#include "commands/exit_code.h"
#include "config/load.h"
#include "gauge/fault.h"
#include "http/client.h"

namespace tidegauge {
namespace {

// Shorter than the timeout of a container's health check would be.
constexpr std::chrono::seconds kTimeout{3};

}  // namespace

int RunHealth(const HealthOptions& options) {
  std::string listen;
  if (options.listen_address) {
    listen = *options.listen_address;
  } else {
    std::vector<Fault> faults;
    const std::optional<Config> config =
        LoadConfig(options.config_file, ProcessEnvironment(), faults);
    if (!config || HasErrors(faults)) {
      for (const Fault& fault : faults) std::fprintf(stderr, "%s\n", FormatFault(fault).c_str());
      return kExitInput;
    }
    listen = config->listen;
  }
  try {
    const HttpAnswer answer = HttpGet(listen, "/healthz", kTimeout);
    std::fputs(answer.body.c_str(), stdout);
    if (!answer.body.empty() && answer.body.back() != '\n') std::fputc('\n', stdout);
    return answer.status == 200 ? kExitFine : kExitInput;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return kExitInput;
  }
}

}  // namespace tidegauge
