#include "exposition/deflate.h"

#include <zlib.h>

#include <cstddef>
#include <new>
#include <utility>

namespace tidegauge {
namespace {

// Metric lines repeat what stands a few lines above: a window of 8 KB finds it (a larger one gains
// nothing), and level 3 is within a tenth of level 6 at twice the speed.
constexpr int kLevel = 3;
constexpr int kRawWindowBits = -13;
constexpr int kMemoryLevel = 6;
constexpr std::size_t kOutputStep = 16 * 1024;

}  // namespace

struct Deflater::State {
  z_stream stream{};
};

Deflater::Deflater() : state_(std::make_unique<State>()) {
  if (deflateInit2(&state_->stream, kLevel, Z_DEFLATED, kRawWindowBits, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
}

Deflater::~Deflater() { deflateEnd(&state_->stream); }

std::shared_ptr<const PageBytes> Deflater::Deflate(std::string plain) {
  z_stream& stream = state_->stream;
  deflateReset(&stream);
  stream.next_in = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  std::size_t size = 0;
  // A flush is complete once deflate leaves room in the output.
  do {
    if (scratch_.size() < size + kOutputStep) scratch_.resize(size + kOutputStep);
    stream.next_out = reinterpret_cast<Bytef*>(scratch_.data() + size);
    stream.avail_out = static_cast<uInt>(scratch_.size() - size);
    deflate(&stream, Z_FULL_FLUSH);
    size = scratch_.size() - stream.avail_out;
  } while (stream.avail_out == 0);

  auto bytes = std::make_shared<PageBytes>();
  bytes->crc = static_cast<std::uint32_t>(crc32(crc32(0, nullptr, 0),
                                                reinterpret_cast<const Bytef*>(plain.data()),
                                                static_cast<uInt>(plain.size())));
  bytes->deflated.assign(scratch_, 0, size);
  bytes->plain = std::move(plain);
  return bytes;
}

}  // namespace tidegauge
