// Strict YAML: yaml-cpp's events turned into a tree with positions. Duplicate keys, a second
// document, anchors, aliases, tags and nesting deeper than 16 are faults, never silence.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gauge/fault.h"

namespace tidegauge {

struct YamlEntry;

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  int line = 0;        // 1-based, in the file (see YamlSource)
  int column = 0;      // 1-based, in bytes of the file's line
  std::string scalar;  // kScalar: the literal text (`no`, `1.10`), unquoted
  bool quoted = false;
  std::vector<YamlNode> items;                       // kList
  std::vector<YamlEntry> entries;                    // kMap, in the file's order
  const YamlNode* Find(std::string_view key) const;  // kMap: the value of key, or null
};

// One key and its value in a map. (No std::pair: clang 14 cannot make one of a type that is not
// complete.)
struct YamlEntry {
  YamlNode first;
  YamlNode second;
};

// Where the YAML stands in its file, so that faults point into the file.
struct YamlSource {
  std::string_view file;          // the file's name in faults
  std::string_view file_text;     // the whole file, for the line above the caret
  int first_line = 1;             // the file's line that the YAML's first line is
  std::vector<int> indents = {};  // bytes cut from the left of each YAML line; empty: none
};

// The fault at 1-based `line` and `column` (bytes) of the source's file, with the line's text.
Fault FaultAt(const YamlSource& source, int line, int column, std::string message,
              Severity severity = Severity::kError);

// Appends every fault found. Where the text could be read to its end in spite of them (a duplicate
// key, which is left out, an anchor or a tag), returns the tree all the same, so that the caller
// can find more; else std::nullopt. A caller that wants a flawless tree compares faults.size()
// before and after. An empty text is a node of kind kNull. Text: UTF-8, at most kMaxYamlBytes; a
// byte order mark and CRLF are taken as they come.
inline constexpr std::size_t kMaxYamlBytes = 1 << 20;
std::optional<YamlNode> ParseYaml(std::string_view yaml, const YamlSource& source,
                                  std::vector<Fault>& faults);

// The YAML text of a node, block style, for keys that are kept as they are: ParseYaml reads it back
// as the same tree.
std::string EmitYaml(const YamlNode& node);

}  // namespace tidegauge
