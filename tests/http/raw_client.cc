#include "http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace tidegauge {
namespace {

constexpr int kBoundMilliseconds = 60'000;

sockaddr_storage MakeAddress(const std::string& host, std::uint16_t port, socklen_t& size) {
  sockaddr_storage address{};
  if (host.find(':') != std::string::npos) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr);
    size = sizeof v6;
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(address);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    inet_pton(AF_INET, host.c_str(), &v4.sin_addr);
    size = sizeof v4;
  }
  return address;
}

bool WaitFor(int fd, short events) {
  pollfd ready{fd, events, 0};
  return poll(&ready, 1, kBoundMilliseconds) > 0;
}

}  // namespace

std::string RawAnswer::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

RawClient::RawClient(std::uint16_t port, const std::string& from, const std::string& to) {
  socklen_t size = 0;
  sockaddr_storage address = MakeAddress(to, port, size);
  fd_ = FileDescriptor(socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!from.empty()) {
    socklen_t from_size = 0;
    const sockaddr_storage source = MakeAddress(from, 0, from_size);
    if (bind(fd_.get(), reinterpret_cast<const sockaddr*>(&source), from_size) != 0) {
      throw std::runtime_error(std::string("bind: ") + std::strerror(errno));
    }
  }
  if (connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
  }
}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN || !WaitFor(fd_.get(), POLLOUT)) {
      return false;
    }
  }
  return true;
}

void RawClient::CloseSending() { shutdown(fd_.get(), SHUT_WR); }

void RawClient::Reset() {
  const linger at_once{1, 0};
  setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fd_ = FileDescriptor();
}

bool RawClient::Fill() {
  char buffer[65536];
  while (!ended_) {
    const ssize_t got = recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (got > 0) {
      received_.append(buffer, static_cast<std::size_t>(got));
      return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      ended_ = true;
    } else if (!WaitFor(fd_.get(), POLLIN)) {
      throw std::runtime_error("the server neither sends nor closes");
    }
  }
  return false;
}

RawAnswer RawClient::Receive(bool head) {
  RawAnswer answer;
  std::size_t end;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return answer;
  }
  std::size_t line = received_.find("\r\n");
  const int status = std::atoi(received_.c_str() + std::min<std::size_t>(9, end));
  while (line < end) {
    const std::size_t next = received_.find("\r\n", line + 2);
    const std::string header = received_.substr(line + 2, next - line - 2);
    const std::size_t colon = header.find(": ");
    std::string name = header.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = colon == std::string::npos ? "" : header.substr(colon + 2);
    line = next;
  }
  received_.erase(0, end + 4);
  if (!head && status != 100) {
    if (answer.headers.count("content-length") == 0) {
      answer.body = ReceiveAll();
    } else {
      const std::size_t length = std::stoul(answer.Header("content-length"));
      while (received_.size() < length) {
        if (!Fill()) return answer;
      }
      answer.body = received_.substr(0, length);
      received_.erase(0, length);
    }
  }
  answer.status = status;
  return answer;
}

std::string RawClient::ReceiveAll() {
  while (Fill()) {
  }
  return std::move(received_);
}

bool RawClient::Closed() {
  char buffer[65536];
  while (!ended_) {
    const ssize_t got = recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return false;
    if (got > 0) {
      received_.append(buffer, static_cast<std::size_t>(got));
    } else {
      ended_ = true;
    }
  }
  return true;
}

bool RawClient::WaitClosed() {
  while (Fill()) {
  }
  return ended_;
}

RawAnswer Ask(std::uint16_t port, std::string_view request) {
  RawClient client(port);
  client.Send(request);
  return client.Receive();
}

RawAnswer Get(std::uint16_t port, const std::string& path, const std::string& headers) {
  return Ask(port, "GET " + path + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n");
}

}  // namespace tidegauge
