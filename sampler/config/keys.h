// Every key of config.yaml. The parser knows a key from here, and tests hold the documentation and
// the shipped config.yaml to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidegauge {

struct ConfigKey {
  std::string path;      // dotted, e.g. "limits.rows"; "<name>" stands for any name
  std::string fallback;  // the default as one would write it; empty: none
};

// In the order of the documentation. Defaults are those of the structs in config.h.
const std::vector<ConfigKey>& ConfigKeys();

// The keys that may stand directly under `path` ("" for the top level), each once.
std::vector<std::string_view> KeysUnder(std::string_view path);

}  // namespace tidegauge
