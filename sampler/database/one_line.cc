#include "database/one_line.h"

#include <cstddef>

#include "gauge/utf8.h"

namespace tidegauge {

std::string OneLine(std::string_view text) {
  constexpr std::size_t kMaxBytes = 600;
  std::string line;
  bool space = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8Length(text, i);
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte <= ' ' || byte == 0x7f) {
      space = !line.empty();
      ++i;
      continue;
    }
    if (line.size() > kMaxBytes) return line + "…";
    if (space) line += ' ';
    space = false;
    if (length == 0) {
      line += '?';
      ++i;
    } else {
      line.append(text, i, length);
      i += length;
    }
  }
  return line;
}

}  // namespace tidegauge
