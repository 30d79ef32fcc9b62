#include "http/client.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "http/address.h"
#include "http/file_descriptor.h"

namespace tidegauge {
namespace {

using Clock = std::chrono::steady_clock;
using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

constexpr std::size_t kMaxAnswerBytes = 64 * 1024;

// False at the deadline.
bool WaitFor(int fd, short events, Clock::time_point deadline) {
  pollfd ready{fd, events, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    const int count = poll(&ready, 1, static_cast<int>(left.count()));
    if (count > 0) return true;
    if (count < 0 && errno != EINTR) return false;
  }
}

// Where a server that listens on `host` is reached from this machine.
std::vector<std::string> HostsToTry(const std::string& host) {
  if (host == "0.0.0.0") return {"127.0.0.1"};
  if (host.empty() || host == "::") return {"127.0.0.1", "::1"};
  return {host};
}

// A connected socket, or an empty one and the reason in `error`.
FileDescriptor Connect(const std::string& host, std::uint16_t port, Clock::time_point deadline,
                       std::string& error) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) {
    error = gai_strerror(failed);
    return FileDescriptor();
  }
  const AddressList list(found, &freeaddrinfo);
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    FileDescriptor fd(socket(entry->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    int failed = 0;
    if (fd.get() < 0) {
      failed = errno;
    } else if (connect(fd.get(), entry->ai_addr, entry->ai_addrlen) != 0) {
      failed = errno;
      if (failed == EINPROGRESS) {
        socklen_t size = sizeof failed;
        failed = ETIMEDOUT;
        if (WaitFor(fd.get(), POLLOUT, deadline)) {
          getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &failed, &size);
        }
      }
    }
    if (failed == 0) return fd;
    error = std::strerror(failed);
  }
  return FileDescriptor();
}

void SendAll(const FileDescriptor& fd, std::string_view text, Clock::time_point deadline) {
  while (!text.empty()) {
    const ssize_t sent = send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      throw std::runtime_error(std::strerror(errno));
    } else if (!WaitFor(fd.get(), POLLOUT, deadline)) {
      throw std::runtime_error("no answer in time");
    }
  }
}

// Until the server closes, or kMaxAnswerBytes.
std::string ReceiveAll(const FileDescriptor& fd, Clock::time_point deadline) {
  std::string text;
  char buffer[4096];
  while (text.size() < kMaxAnswerBytes) {
    const ssize_t received = recv(fd.get(), buffer, sizeof buffer, 0);
    if (received > 0) {
      text.append(buffer, static_cast<std::size_t>(received));
    } else if (received == 0) {
      break;
    } else if (errno != EAGAIN && errno != EINTR) {
      throw std::runtime_error(std::strerror(errno));
    } else if (!WaitFor(fd.get(), POLLIN, deadline)) {
      throw std::runtime_error("no answer in time");
    }
  }
  return text;
}

HttpAnswer ParseAnswer(const std::string& text) {
  HttpAnswer answer;
  const std::size_t status = text.find(' ');
  const std::size_t body = text.find("\r\n\r\n");
  if (text.rfind("HTTP/1.", 0) != 0 || status == std::string::npos || body == std::string::npos ||
      std::from_chars(text.data() + status + 1, text.data() + body, answer.status).ec !=
          std::errc()) {
    throw std::runtime_error("the answer is not HTTP");
  }
  answer.body = text.substr(body + 4);
  return answer;
}

}  // namespace

HttpAnswer HttpGet(const std::string& listen, const std::string& path,
                   std::chrono::milliseconds timeout) {
  const ListenAddress address = ParseListenAddress(listen);
  const Clock::time_point deadline = Clock::now() + timeout;
  std::string first_failure;
  for (const std::string& host : HostsToTry(address.host)) {
    const bool v6 = host.find(':') != std::string::npos;
    const std::string tried =
        "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(address.port) + path;
    std::string error;
    const FileDescriptor fd = Connect(host, address.port, deadline, error);
    if (fd.get() < 0) {
      if (first_failure.empty()) first_failure = "cannot connect to " + tried + ": " + error;
      continue;
    }
    try {
      SendAll(fd, "GET " + path + " HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n",
              deadline);
      return ParseAnswer(ReceiveAll(fd, deadline));
    } catch (const std::runtime_error& failed) {
      throw std::runtime_error("no answer from " + tried + ": " + failed.what());
    }
  }
  throw std::runtime_error(first_failure);
}

}  // namespace tidegauge
