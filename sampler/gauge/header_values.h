// The values of a header, each of the type that its key wants or a fault that says so.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "gauge/yaml.h"

namespace tidegauge {

// The words that a key may have, and what each means.
template <typename T, std::size_t N>
using Choice = std::array<std::pair<std::string_view, T>, N>;

class HeaderValues {
 public:
  // Both must outlive this.
  HeaderValues(const YamlSource& source, std::vector<Fault>& faults)
      : source_(source), faults_(faults) {}

  void Error(const YamlNode& at, std::string message);
  void Warn(const YamlNode& at, std::string message);
  // "'key': expected …, found …" at the value.
  void Expected(const YamlEntry& entry, std::string_view what);

  // Any text but the empty one, literally.
  std::optional<std::string> Text(const YamlEntry& entry);
  // Text on one line: line breaks become blanks, blanks at the ends go.
  std::optional<std::string> Line(const YamlEntry& entry);
  // http:// or https:// with a host.
  std::optional<std::string> Url(const YamlEntry& entry);
  std::optional<std::chrono::milliseconds> Duration(const YamlEntry& entry);
  // A whole number from 1 to a million, not in quotes.
  std::optional<std::size_t> Count(const YamlEntry& entry);
  // The value that belongs to one of the words; true, false, on and off not in quotes.
  template <typename T, std::size_t N>
  std::optional<T> OneOf(const YamlEntry& entry, const Choice<T, N>& words) {
    std::string all;
    for (std::size_t i = 0; i < N; ++i) {
      if (IsWord(entry.second, words[i].first, !std::is_same_v<T, bool>)) return words[i].second;
      all += i == 0 ? "" : i + 1 == N ? " or " : ", ";
      all += words[i].first;
    }
    Expected(entry, all);
    return std::nullopt;
  }
  // Reports keys that are not among `known`; the suggestion made for each is kept.
  bool IsKnown(const YamlNode& key, const std::vector<std::string_view>& known,
               std::string_view without_suggestion);

  // Whether an unknown key looked like this one, so that it is not missed once more.
  bool WasSuggested(std::string_view key) const;

 private:
  static bool IsWord(const YamlNode& node, std::string_view word, bool may_be_quoted) {
    return node.kind == YamlNode::Kind::kScalar && (may_be_quoted || !node.quoted) &&
           node.scalar == word;
  }

  const YamlSource& source_;
  std::vector<Fault>& faults_;
  std::vector<std::string> suggestions_;
};

// The entry of a map, or null.
const YamlEntry* FindEntry(const YamlNode& map, std::string_view key);

// "nothing", "a list", "a map" or the text in quotes: what a fault says that it found.
std::string Describe(const YamlNode& node);

}  // namespace tidegauge
