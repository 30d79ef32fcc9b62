// Which handler answers a request. Thread-safe where the handlers are.
#pragma once

#include <string_view>
#include <vector>

#include "http/server.h"

namespace tidegauge {

class Router {
 public:
  explicit Router(std::vector<HttpRoute> routes) : routes_(std::move(routes)) {}

  // 404 for an unknown path, 405 with Allow for a wrong method, 500 and a log line where the
  // handler throws.
  HttpResponse Answer(const HttpRequest& request) const;

 private:
  std::vector<HttpRoute> routes_;
};

}  // namespace tidegauge
