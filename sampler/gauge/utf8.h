// UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace tidegauge {

// Length in bytes of the character that begins at text[position], or 0 where there is none valid.
std::size_t Utf8Length(std::string_view text, std::size_t position);

// Offset of the first byte that is not UTF-8, or npos.
std::size_t FindInvalidUtf8(std::string_view text);

inline bool IsUtf8(std::string_view text) {
  return FindInvalidUtf8(text) == std::string_view::npos;
}

}  // namespace tidegauge
