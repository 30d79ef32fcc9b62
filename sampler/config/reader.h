// Strict reading of config.yaml's tree: what is not expected is a fault at its place.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.h"
#include "gauge/fault.h"
#include "gauge/yaml.h"

namespace tidegauge {

// A scalar's text with its variables put in. Faults show `literal`, what the file says: never a
// value from the environment.
struct ConfigText {
  std::string text;
  std::string literal;
};

// Every Read function appends a fault and leaves its target alone where the value is not as
// expected. Refers to its arguments: they must outlive it.
class ConfigReader {
 public:
  ConfigReader(std::string_view file, std::string_view text, const Environment& environment,
               std::vector<Fault>& faults)
      : file_(file), text_(text), environment_(environment), faults_(faults) {}

  void Error(const YamlNode& at, std::string message);

  // Calls `entry` for each key of a map. Nothing at all is an empty map; anything else is a fault:
  // "<what>: expected …".
  using Entry = std::function<void(const YamlNode& key, const YamlNode& value)>;
  void ForEach(const YamlNode& node, std::string_view what, const Entry& entry);

  // Likewise for a map whose keys are KeysUnder(path): others are faults, with "did you mean".
  void ForEachKnown(const YamlNode& node, std::string_view path, const Entry& entry);

  // What stands under `what`, e.g. "web.listen". Text holds no NUL and is UTF-8.
  std::optional<ConfigText> Text(const YamlNode& node, std::string_view what);
  void ReadText(const YamlNode& node, std::string_view what, std::string& target);
  void ReadNumber(const YamlNode& node, std::string_view what, std::size_t least, std::size_t most,
                  std::size_t& target);
  void ReadDuration(const YamlNode& node, std::string_view what, std::chrono::milliseconds least,
                    std::chrono::milliseconds most, std::chrono::milliseconds& target);
  // Name → text; `name_fault` says what is wrong with a name, or "".
  void ReadTexts(const YamlNode& node, std::string_view what,
                 const std::function<std::string(std::string_view name)>& name_fault,
                 std::map<std::string, std::string>& target);
  // "expected json or text, found 'xml'"
  void Expected(const YamlNode& node, std::string_view what, std::string_view expected,
                const ConfigText& found);

 private:
  std::string_view file_;
  std::string_view text_;
  const Environment& environment_;
  std::vector<Fault>& faults_;
};

}  // namespace tidegauge
