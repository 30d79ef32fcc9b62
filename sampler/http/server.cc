#include "http/server.h"

#include <utility>

#include "http/event_loop.h"

namespace tidegauge {

HttpResponse HttpResponse::Text(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  auto owner = std::make_shared<const std::string>(std::move(text));
  response.body = {*owner};
  response.owner = std::move(owner);
  return response;
}

struct HttpServer::Impl : EventLoop {
  using EventLoop::EventLoop;
};

HttpServer::HttpServer(const HttpOptions& options, std::vector<HttpRoute> routes,
                       HeartbeatMonitor& heartbeats)
    : impl_(std::make_unique<Impl>(options, std::move(routes), heartbeats)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return impl_->port(); }

}  // namespace tidegauge
