// A listening TCP socket, or an error that says what to do.
#pragma once

#include <cstdint>
#include <string>

#include "http/file_descriptor.h"

namespace tidegauge {

// Resolves, binds and listens; the socket does not block. A name that has an IPv4 address gets
// that one. An empty host (and ::) takes IPv4 and IPv6 alike, IPv4 alone where the machine has no
// IPv6. Throws std::runtime_error.
FileDescriptor OpenListener(const std::string& listen);

// The port it got.
std::uint16_t PortOf(const FileDescriptor& listener);

}  // namespace tidegauge
