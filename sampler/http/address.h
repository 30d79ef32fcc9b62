// Addresses: what web.listen says, and who a client is.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidegauge {

// `host:port`, `[v6]:port`, or `:port` for every address of the machine.
struct ListenAddress {
  std::string host;  // "" is every address; IPv6 without brackets
  std::uint16_t port = 0;
};

// Throws std::runtime_error that says what was expected.
ListenAddress ParseListenAddress(std::string_view text);

// An IPv6 address, or an IPv4 one in its mapped form (::ffff:a.b.c.d): one client, one value,
// whichever kind of socket it came through.
using PeerAddress = std::array<std::uint8_t, 16>;

PeerAddress PeerAddressOf(const sockaddr_storage& address);

// 127.0.0.1:51234 or [::1]:51234
std::string FormatPeer(const sockaddr_storage& address);

}  // namespace tidegauge
