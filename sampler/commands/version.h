// `tidegauge version`: what was built, from what, with which libraries.
#pragma once

#include <string>
#include <string_view>

namespace tidegauge {

std::string_view Version();   // "0.1.0"
std::string_view Revision();  // the source's commit, or "unknown" where it was built without git

// What `tidegauge version` prints; ends with a line break.
std::string VersionText();

struct VersionOptions {};

// Returns the exit code (exit_code.h).
int RunVersion(const VersionOptions& options);

}  // namespace tidegauge
