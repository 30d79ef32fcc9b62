// Files that others read while we write them: written beside their place, then renamed into it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidegauge {

// Replaces `path` by `text` at once or not at all. Returns what went wrong, with the path and why.
std::optional<std::string> WriteByRename(const std::string& path, std::string_view text);

}  // namespace tidegauge
