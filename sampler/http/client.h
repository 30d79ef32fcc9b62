// One GET to a server of our own: what `tidegauge health` needs, and nothing more.
#pragma once

#include <chrono>
#include <string>

namespace tidegauge {

struct HttpAnswer {
  int status = 0;
  std::string body;  // its first 64 KB
};

// Asks the server that listens on `listen` (as web.listen writes it); where that is every address,
// the loopback one. Blocks for `timeout` at most, but for resolving a name. Throws
// std::runtime_error that says what was tried and why it failed.
HttpAnswer HttpGet(const std::string& listen, const std::string& path,
                   std::chrono::milliseconds timeout);

}  // namespace tidegauge
