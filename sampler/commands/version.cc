#include "commands/version.h"

#include <iostream>

#include "commands/exit_code.h"
#include "commands/version_info.h"

namespace tidegauge {

std::string_view Version() { return kVersion; }

std::string_view Revision() { return kRevision; }

std::string VersionText() {
  return "tidegauge " + std::string(kVersion) + "\nrevision: " + kRevision +
         "\nlibraries: " + kLibraries + "\n";
}

int RunVersion(const VersionOptions&) {
  std::cout << VersionText() << std::flush;
  return kExitFine;
}

}  // namespace tidegauge
