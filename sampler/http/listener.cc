#include "http/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "http/address.h"

namespace tidegauge {
namespace {

[[noreturn]] void Fail(const std::string& listen, const std::string& why) {
  throw std::runtime_error("cannot listen on " + listen + ": " + why);
}

// What to do about errno `error`.
std::string Explain(int error, std::uint16_t port) {
  switch (error) {
    case EADDRINUSE:
      return "the address is in use; stop the program that has it, or set web.listen "
             "(--web.listen-address) to another port";
    case EACCES:
    case EPERM:
      return "permission denied; " +
             std::string(port != 0 && port < 1024
                             ? "ports below 1024 need a privilege: set web.listen "
                               "(--web.listen-address) to a higher one"
                             : "set web.listen (--web.listen-address) to an address and port that "
                               "this user may take");
    case EADDRNOTAVAIL:
      return "this machine has no such address; set web.listen (--web.listen-address) to one of "
             "its own, or to :" +
             std::to_string(port) + " for all of them";
    default:
      return std::strerror(error);
  }
}

// Binds and listens; sets `error` to errno and returns an empty one where that fails.
FileDescriptor TryListen(const sockaddr* address, socklen_t size, int& error) {
  FileDescriptor fd(socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  const int off = 0;
  if (fd.get() >= 0) {
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address->sa_family == AF_INET6) {
      setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind(fd.get(), address, size) == 0 && listen(fd.get(), SOMAXCONN) == 0) return fd;
  }
  error = errno;
  return FileDescriptor();
}

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList Resolve(const std::string& listen, const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int failed =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list);
  if (failed != 0) {
    Fail(listen, "'" + address.host + "' does not resolve (" + gai_strerror(failed) +
                     "); set web.listen (--web.listen-address) to an address of this machine");
  }
  return AddressList(list, &freeaddrinfo);
}

}  // namespace

FileDescriptor OpenListener(const std::string& listen) {
  const ListenAddress address = ParseListenAddress(listen);
  int error = 0;
  if (address.host.empty()) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    FileDescriptor fd = TryListen(reinterpret_cast<sockaddr*>(&v6), sizeof v6, error);
    if (fd.get() < 0 && (error == EAFNOSUPPORT || error == EADDRNOTAVAIL)) {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      v4.sin_port = htons(address.port);
      fd = TryListen(reinterpret_cast<sockaddr*>(&v4), sizeof v4, error);
    }
    if (fd.get() < 0) Fail(listen, Explain(error, address.port));
    return fd;
  }
  const AddressList list = Resolve(listen, address);
  const addrinfo* chosen = list.get();
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family == AF_INET) {
      chosen = entry;
      break;
    }
  }
  FileDescriptor fd = TryListen(chosen->ai_addr, chosen->ai_addrlen, error);
  if (fd.get() < 0) Fail(listen, Explain(error, address.port));
  return fd;
}

std::uint16_t PortOf(const FileDescriptor& listener) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(listener.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  // sin_port and sin6_port stand at the same place.
  return ntohs(reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

}  // namespace tidegauge
