#include "exposition/page.h"

#include <zlib.h>

#include <utility>

namespace tidegauge {
namespace {

// Method deflate, no name, no time, unknown system.
constexpr std::string_view kGzipHeader{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10};
// The last block of a deflate stream, empty: it ends what the full flushes left open.
constexpr std::string_view kFinalBlock{"\x03\x00", 2};

void AppendLittleEndian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xFF);
}

}  // namespace

Page::Page(std::vector<std::shared_ptr<const PageSegment>> segments)
    : segments_(std::move(segments)) {
  for (const PageFormat format : {PageFormat::kText, PageFormat::kOpenMetrics}) {
    const auto f = static_cast<std::size_t>(format);
    auto& plain = bodies_[f][static_cast<std::size_t>(PageEncoding::kIdentity)];
    auto& gzip = bodies_[f][static_cast<std::size_t>(PageEncoding::kGzip)];
    plain.reserve(segments_.size());
    gzip.reserve(segments_.size() + 2);
    gzip.push_back(kGzipHeader);
    uLong crc = crc32(0, nullptr, 0);
    std::uint32_t size = 0;  // modulo 2^32, as gzip has it
    for (const auto& segment : segments_) {
      const PageBytes& bytes = format == PageFormat::kText ? *segment->text : *segment->openmetrics;
      if (bytes.plain.empty()) continue;
      plain.push_back(bytes.plain);
      gzip.push_back(bytes.deflated);
      crc = crc32_combine(crc, bytes.crc, static_cast<z_off_t>(bytes.plain.size()));
      size += static_cast<std::uint32_t>(bytes.plain.size());
    }
    gzip_trailer_[f] = kFinalBlock;
    AppendLittleEndian(gzip_trailer_[f], static_cast<std::uint32_t>(crc));
    AppendLittleEndian(gzip_trailer_[f], size);
    gzip.push_back(gzip_trailer_[f]);
  }
}

const std::vector<std::string_view>& Page::Body(PageFormat format, PageEncoding encoding) const {
  return bodies_[static_cast<std::size_t>(format)][static_cast<std::size_t>(encoding)];
}

}  // namespace tidegauge
