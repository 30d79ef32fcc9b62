#include "support/breakable_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace tidegauge {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is unset: with-postgres?");
  return value;
}

sockaddr_in Loopback(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

bool SendAll(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

BreakableProxy::BreakableProxy()
    : BreakableProxy(Environment("PGHOST"),
                     static_cast<std::uint16_t>(std::stoi(Environment("PGPORT")))) {}

BreakableProxy::BreakableProxy(const std::string& host, std::uint16_t port)
    : host_(host), server_port_(port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback("127.0.0.1", 0);
  socklen_t length = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
      pipe(wake_) != 0) {
    throw std::runtime_error(std::string("proxy: ") + std::strerror(errno));
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](std::stop_token stop) { Run(stop); });
}

BreakableProxy::~BreakableProxy() {
  thread_.request_stop();
  Wake();
  thread_.join();
  for (const Link& link : links_) {
    close(link.client);
    close(link.server);
  }
  close(listener_);
  close(wake_[0]);
  close(wake_[1]);
}

void BreakableProxy::Wake() { [[maybe_unused]] const ssize_t written = write(wake_[1], "x", 1); }

void BreakableProxy::SetMode(Mode mode) {
  {
    std::lock_guard lock(mutex_);
    mode_ = mode;
    if (mode == Mode::kDrop) {
      for (const Link& link : links_) {
        shutdown(link.client, SHUT_RDWR);
        shutdown(link.server, SHUT_RDWR);
      }
    }
  }
  Wake();
}

void BreakableProxy::SwallowAfter(const std::string& text) {
  std::lock_guard lock(mutex_);
  trigger_ = text;
}

std::size_t BreakableProxy::connections() const {
  std::lock_guard lock(mutex_);
  return links_.size();
}

std::size_t BreakableProxy::round_trips() const {
  std::lock_guard lock(mutex_);
  return round_trips_;
}

std::string BreakableProxy::sent() const {
  std::lock_guard lock(mutex_);
  return sent_;
}

void BreakableProxy::Clear() {
  std::lock_guard lock(mutex_);
  round_trips_ = 0;
  sent_.clear();
  for (Link& link : links_) link.client_spoke = false;
}

int BreakableProxy::ConnectToServer() const {
  if (host_.substr(0, 1) == "/") {
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = host_ + "/.s.PGSQL." + std::to_string(server_port_);
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return server;
    close(server);
    return -1;
  }
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(host_, server_port_);
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    const int on = 1;
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return server;
  }
  close(server);
  return -1;
}

void BreakableProxy::Accept() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int on = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  std::lock_guard lock(mutex_);
  const int server = mode_ == Mode::kDrop ? -1 : ConnectToServer();
  if (server < 0) {
    close(client);
    return;
  }
  links_.push_back({client, server});
}

bool BreakableProxy::Forward(Link& link, bool from_client) {
  char buffer[64 * 1024];
  const ssize_t size = recv(from_client ? link.client : link.server, buffer, sizeof(buffer), 0);
  if (size <= 0) return false;
  const std::string_view data(buffer, static_cast<std::size_t>(size));
  if (from_client && !trigger_.empty() && data.find(trigger_) != std::string_view::npos) {
    mode_ = Mode::kBlackHole;
  }
  if (mode_ == Mode::kBlackHole) return true;
  if (from_client) {
    if (!link.client_spoke) ++round_trips_;
    sent_.append(buffer, static_cast<std::size_t>(size));
  }
  link.client_spoke = from_client;
  return SendAll(from_client ? link.server : link.client, buffer, static_cast<std::size_t>(size));
}

void BreakableProxy::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::vector<pollfd> events = {{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    std::vector<std::list<Link>::iterator> polled;
    {
      std::lock_guard lock(mutex_);
      if (mode_ != Mode::kStall) {
        for (auto link = links_.begin(); link != links_.end(); ++link) {
          events.push_back({link->client, POLLIN, 0});
          events.push_back({link->server, POLLIN, 0});
          polled.push_back(link);
        }
      }
    }
    poll(events.data(), events.size(), -1);
    if (events[1].revents != 0) {
      char drained[64];
      [[maybe_unused]] const ssize_t size = read(wake_[0], drained, sizeof(drained));
      continue;  // the mode may have changed
    }
    if (events[0].revents != 0) Accept();
    std::lock_guard lock(mutex_);
    if (mode_ == Mode::kStall) continue;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      bool open = true;
      if (events[2 + 2 * i].revents != 0) open = Forward(*polled[i], true);
      if (open && events[3 + 2 * i].revents != 0) open = Forward(*polled[i], false);
      if (open) continue;
      close(polled[i]->client);
      close(polled[i]->server);
      links_.erase(polled[i]);
    }
  }
}

}  // namespace tidegauge
