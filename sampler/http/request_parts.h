// Parts of a request that are ours to read: target and request id. Pure; any input.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidegauge {

struct RequestTarget {
  std::string path;   // percent-decoded
  std::string query;  // after the '?', as sent
};

// Origin form (/path?query) and absolute form (http://host/path?query). Nothing where the path
// has a space, a control character, or an escape that is broken or stands for NUL.
std::optional<RequestTarget> ParseTarget(std::string_view target);

// 1 to 64 characters of [A-Za-z0-9._-].
bool SaneRequestId(std::string_view id);

// 32 random hex digits.
std::string RandomRequestId();

}  // namespace tidegauge
