// What is read from a request by libmicrohttpd's functions, and what is refused by its headers
// alone.
#pragma once

#include <microhttpd.h>

#include <cstddef>
#include <optional>
#include <string>

#include "http/refusal.h"

namespace tidegauge {

// All values of a header as one list, or "".
std::string HeaderOf(MHD_Connection* http, const char* name);

// Checks framing and sizes. libmicrohttpd 0.9.75 takes contradictory lengths and unknown transfer
// encodings.
std::optional<Refusal> CheckHeaders(MHD_Connection* http, const char* version,
                                    std::size_t max_body_bytes);

// Each connection has a fixed memory, for what the client sent, its parsed form and the answer's
// headers. libmicrohttpd closes a connection without a word where the last do not fit, so requests
// that come near are refused before.
inline std::size_t ConnectionMemory(std::size_t max_header_bytes) { return 2 * max_header_bytes; }

// Whether a target's parsed form leaves room for other headers.
bool TargetFits(const std::string& target, std::size_t max_header_bytes);
// Whether the headers are within their limit and leave room for an answer's.
bool HeadersFit(MHD_Connection* http, std::size_t max_header_bytes);

}  // namespace tidegauge
