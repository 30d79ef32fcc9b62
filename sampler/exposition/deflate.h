// Deflates segments on their own, so that they can be put together as one gzip stream.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "exposition/page.h"

namespace tidegauge {

// Keeps one zlib state of about 70 KB for all segments. Not thread-safe. Throws std::bad_alloc
// where zlib has no memory.
class Deflater {
 public:
  Deflater();
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // Deflates `plain`: raw deflate, ended by a full flush (on a byte boundary, nothing referred to
  // from behind it), with the CRC of the plain bytes.
  std::shared_ptr<const PageBytes> Deflate(std::string plain);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string scratch_;
};

}  // namespace tidegauge
