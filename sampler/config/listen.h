// The shape of web.listen. Whether the address can be listened on is the server's to find out.
#pragma once

#include <string_view>

namespace tidegauge {

// host:port, [IPv6]:port, or :port for every address of the machine; port 0 is any free one.
bool IsListenAddress(std::string_view text);

}  // namespace tidegauge
