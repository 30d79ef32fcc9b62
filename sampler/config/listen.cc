#include "config/listen.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace tidegauge {

bool IsListenAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size()) return false;
  if (!host.empty() && host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return false;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return false;  // IPv6 without brackets: which colon is the port's is a guess
  }
  return std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7F && c != '/' && c != '[' && c != ']' && c != '@';
  });
}

}  // namespace tidegauge
