#include "gauge/name_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tidegauge {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSuffixes = {{
    {"total", "counters"},
    {"count", "histograms and summaries"},
    {"sum", "histograms and summaries"},
    {"bucket", "histograms"},
}};

constexpr std::array<std::string_view, 4> kTypes = {"counter", "gauge", "histogram", "summary"};

// Unit → base unit; base units stand for themselves.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kUnits = {{
    {"amperes", "amperes"},    {"bytes", "bytes"},     {"celsius", "celsius"},
    {"grams", "grams"},        {"joules", "joules"},   {"kelvin", "kelvin"},
    {"meters", "meters"},      {"metres", "metres"},   {"seconds", "seconds"},
    {"volts", "volts"},        {"minutes", "seconds"}, {"hours", "seconds"},
    {"days", "seconds"},       {"weeks", "seconds"},   {"kelvins", "kelvin"},
    {"fahrenheit", "celsius"}, {"rankine", "celsius"}, {"inches", "meters"},
    {"yards", "meters"},       {"miles", "meters"},    {"bits", "bytes"},
    {"calories", "joules"},    {"pounds", "grams"},    {"ounces", "grams"},
}};

constexpr std::array<std::string_view, 18> kPrefixes = {
    "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo",
    "kibi", "mega", "mibi",  "giga",  "gibi",  "tera", "tebi", "peta",  "pebi"};

// What is meant most often; `m` may be metres too.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kAbbreviations = {{
    {"s", "seconds"},
    {"ms", "seconds"},
    {"us", "seconds"},
    {"ns", "seconds"},
    {"sec", "seconds"},
    {"b", "bytes"},
    {"kb", "bytes"},
    {"mb", "bytes"},
    {"gb", "bytes"},
    {"tb", "bytes"},
    {"pb", "bytes"},
    {"m", "seconds"},
    {"h", "seconds"},
    {"d", "seconds"},
}};

Words Split(std::string_view name) {
  Words words;
  std::size_t begin = 0;
  for (std::size_t end = name.find('_'); end != std::string_view::npos;
       end = name.find('_', begin)) {
    words.emplace_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  words.emplace_back(name.substr(begin));
  return words;
}

std::string Join(const Words& words) {
  std::string name;
  for (const std::string& word : words) {
    if (!name.empty()) name += '_';
    name += word;
  }
  return name;
}

std::string_view BaseOf(std::string_view unit) {
  for (const auto& [name, base] : kUnits) {
    if (name == unit) return base;
  }
  return {};
}

// The base unit where the word is a unit other than that, with a prefix or without.
std::optional<std::string_view> OtherUnit(std::string_view word) {
  if (const std::string_view base = BaseOf(word); !base.empty()) {
    return base == word ? std::nullopt : std::optional(base);
  }
  for (const std::string_view prefix : kPrefixes) {
    if (!word.starts_with(prefix)) continue;
    if (const std::string_view base = BaseOf(word.substr(prefix.size())); !base.empty())
      return base;
  }
  return std::nullopt;
}

std::optional<std::string_view> Abbreviated(std::string_view word) {
  for (const auto& [abbreviation, unit] : kAbbreviations) {
    if (word == abbreviation) return unit;
  }
  return std::nullopt;
}

std::optional<std::string_view> SuffixOwner(std::string_view word) {
  for (const auto& [suffix, owner] : kSuffixes) {
    if (word == suffix) return owner;
  }
  return std::nullopt;
}

bool IsType(std::string_view word) {
  for (const std::string_view type : kTypes) {
    if (word == type) return true;
  }
  return false;
}

}  // namespace

bool IsName(std::string_view name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string RightName(std::string_view name) {
  const Words words = Split(name);
  Words right;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    // The first word has nothing before it, and the rules speak of what follows a '_'.
    if (i > 0 && IsType(word)) continue;
    if (const auto base = OtherUnit(word)) {
      right.emplace_back(*base);
    } else if (const auto unit = Abbreviated(word); i > 0 && unit) {
      right.emplace_back(*unit);
    } else {
      right.push_back(word);
    }
  }
  while (right.size() > 1 && SuffixOwner(right.back())) right.pop_back();
  // `timestamp` alone says what it is, and not in which unit.
  if (right.size() > 1 && right.back() == "timestamp") right.emplace_back("seconds");
  return Join(right);
}

std::vector<std::string> NameWarnings(std::string_view name) {
  std::vector<std::string> warnings;
  const std::string cure = ": write '" + RightName(name) + "'";
  const Words words = Split(name);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string quoted = "'" + words[i] + "'";
    if (const auto base = OtherUnit(words[i])) {
      warnings.push_back("expected the base unit '" + std::string(*base) +
                         "' in a metric's name, found " + quoted + cure + " and convert the value");
    }
    if (i == 0) continue;
    if (IsType(words[i])) {
      warnings.push_back("a metric's name does not say its type, found " + quoted + cure);
    }
    if (Abbreviated(words[i])) {
      warnings.push_back("a metric's name does not abbreviate its unit, found " + quoted + cure);
    }
    if (i + 1 != words.size()) continue;
    if (const auto owner = SuffixOwner(words[i])) {
      warnings.push_back("names that end in '_" + words[i] + "' are for " + std::string(*owner) +
                         ", and this is a gauge" + cure);
    }
    if (words[i] == "timestamp") {
      warnings.push_back("a point in time is given in seconds, and its name says so" + cure);
    }
  }
  return warnings;
}

bool IsTimestampName(std::string_view name) {
  return name.ends_with("_timestamp_seconds") || name.ends_with("_timestamp");
}

bool IsRatioName(std::string_view name) { return name.ends_with("_ratio"); }

}  // namespace tidegauge
