// Environment variables, and ${VAR} in the scalars of config.yaml.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tidegauge {

// Looks up an environment variable; std::nullopt where it is not set. A test passes its own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The process's own. Reads on every call; nothing of ours changes the environment.
Environment ProcessEnvironment();

// Replaces ${NAME} by the variable's value and ${NAME:-default} by the default where the variable
// is unset or empty (as a shell does); $${ is a literal ${. Once: what was put in is not looked at
// again. std::nullopt where that fails, with `error` set; it never holds a value.
std::optional<std::string> ExpandVariables(std::string_view text, const Environment& environment,
                                           std::string& error);

}  // namespace tidegauge
