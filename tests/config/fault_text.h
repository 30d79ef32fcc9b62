// Faults as a user sees them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/environment.h"
#include "gauge/fault.h"

namespace tidegauge {

// Each fault as FormatFault writes it, with a line break.
inline std::string TextOf(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) text += FormatFault(fault) + "\n";
  return text;
}

// Likewise without the source line and caret, and without `folder` before file names.
inline std::string ShortTextOf(const std::vector<Fault>& faults, const std::string& folder = "") {
  std::string text;
  for (Fault fault : faults) {
    fault.source.clear();
    std::string line = FormatFault(fault) + "\n";
    if (!folder.empty()) {
      const std::string prefix = folder + "/";
      for (std::size_t at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) {
        line.erase(at, prefix.size());
      }
    }
    text += line;
  }
  return text;
}

inline Environment EnvironmentOf(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace tidegauge
