#include "http/router.h"

#include <exception>
#include <string>

#include "runtime/log.h"

namespace tidegauge {
namespace {

bool Takes(const HttpRoute& route, const std::string& method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

HttpResponse Run(const HttpRoute& route, const HttpRequest& request) {
  std::string error = "not a std::exception";
  try {
    return route.handler(request);
  } catch (const std::exception& thrown) {
    error = thrown.what();
  } catch (...) {
  }
  Log(LogLevel::kError, "http handler failed",
      {{"method", request.method},
       {"path", request.path},
       {"error", error},
       {"request_id", request.request_id}});
  return HttpResponse::Text(
      500, "internal error; the log has it under this request id: " + request.request_id + "\n");
}

}  // namespace

HttpResponse Router::Answer(const HttpRequest& request) const {
  std::string allow;
  for (const HttpRoute& route : routes_) {
    if (route.path != request.path) continue;
    if (Takes(route, request.method)) return Run(route, request);
    if (!allow.empty()) allow += ", ";
    allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (allow.empty()) return HttpResponse::Text(404, "there is nothing here; / lists what is\n");
  HttpResponse response = HttpResponse::Text(405, "this path takes " + allow + "\n");
  response.headers.emplace_back("Allow", allow);
  return response;
}

}  // namespace tidegauge
