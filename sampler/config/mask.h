// Keeps secrets out of the faults of config.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gauge/fault.h"

namespace tidegauge {

// The text of 1-based line `line` of a config.yaml as it may be shown: values that may hold a
// connection string or a password are `***`; "" where nothing of the line may be shown. Works on
// the text alone, so that it holds for a file that is no YAML, and for a misspelt key.
std::string ShownLine(std::string_view text, int line);

// Puts ShownLine in place of each fault's source, and masks what looks like a connection string in
// its message. All faults must be of the file whose text this is.
void MaskSecrets(std::string_view text, std::vector<Fault>& faults);

}  // namespace tidegauge
