#include "config/environment.h"

#include <algorithm>
#include <cstdlib>

namespace tidegauge {
namespace {

bool IsVariableName(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

}  // namespace

Environment ProcessEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

std::optional<std::string> ExpandVariables(std::string_view text, const Environment& environment,
                                           std::string& error) {
  std::string expanded;
  while (true) {
    const std::size_t open = text.find("${");
    if (open == std::string_view::npos) {
      expanded += text;
      return expanded;
    }
    if (open > 0 && text[open - 1] == '$') {
      expanded += text.substr(0, open - 1);
      expanded += "${";
      text.remove_prefix(open + 2);
      continue;
    }
    expanded += text.substr(0, open);
    text.remove_prefix(open + 2);
    const std::size_t close = text.find('}');
    // What stands in a malformed one is not told: it may be a piece of a password.
    if (close == std::string_view::npos) {
      error = "'${' has no closing '}' (a literal ${ is written $${)";
      return std::nullopt;
    }
    const std::string_view inside = text.substr(0, close);
    text.remove_prefix(close + 1);
    const std::size_t dash = inside.find(":-");
    const std::string name(inside.substr(0, dash));
    if (!IsVariableName(name)) {
      error = "expected ${NAME} or ${NAME:-default} (a literal ${ is written $${)";
      return std::nullopt;
    }
    const std::optional<std::string> value = environment(name);
    if (dash == std::string_view::npos) {
      if (!value) {
        error = "environment variable '" + name + "' is not set: set it, or write ${" + name +
                ":-default}";
        return std::nullopt;
      }
      expanded += *value;
    } else {
      expanded += value && !value->empty() ? std::string_view(*value) : inside.substr(dash + 2);
    }
  }
}

}  // namespace tidegauge
