#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace tidegauge {
namespace {

std::uint16_t PortOf(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

ListenAddress ParseListenAddress(std::string_view text) {
  const auto fail = [&]() -> ListenAddress {
    throw std::runtime_error("'" + std::string(text) +
                             "' is no listen address: expected host:port, [IPv6]:port, or :port "
                             "for every address, such as 127.0.0.1:9847");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail();
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  ListenAddress address;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size()) return fail();
  if (!host.empty() && host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return fail();
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return fail();  // IPv6 without brackets: which colon is the port's is a guess
  }
  for (const char c : host) {
    if (c <= ' ' || c == '/' || c == '[' || c == ']') return fail();
  }
  address.host = host;
  return address;
}

PeerAddress PeerAddressOf(const sockaddr_storage& address) {
  PeerAddress peer{};
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    std::memcpy(peer.data(), &v6.sin6_addr, peer.size());
  } else if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), peer.begin());
    std::memcpy(peer.data() + kMappedPrefix.size(), &v4.sin_addr, 4);
  }
  return peer;
}

std::string FormatPeer(const sockaddr_storage& address) {
  const PeerAddress peer = PeerAddressOf(address);
  const std::string port = ":" + std::to_string(PortOf(address));
  char text[INET6_ADDRSTRLEN] = {};
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), peer.begin())) {
    inet_ntop(AF_INET, peer.data() + kMappedPrefix.size(), text, sizeof text);
    return text + port;
  }
  inet_ntop(AF_INET6, peer.data(), text, sizeof text);
  return "[" + std::string(text) + "]" + port;
}

}  // namespace tidegauge
