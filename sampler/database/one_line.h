// Text of others made fit for a message of ours.
#pragma once

#include <string>
#include <string_view>

namespace tidegauge {

// One line: runs of white space and control characters become one space, bytes that are not UTF-8
// become '?', and what is beyond 600 bytes is cut off with "…".
std::string OneLine(std::string_view text);

}  // namespace tidegauge
