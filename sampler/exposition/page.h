// The page: what /metrics serves, as bytes made ahead.
//
// A page is at most kMaxSegments segments, whole lines each, in the order family, query, database.
// Segments are immutable and shared between pages: a new page holds anew only what a publish
// touched. Serving gathers views of them and copies nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tidegauge {

inline constexpr std::size_t kMaxSegments = 256;
inline constexpr std::size_t kMinSegmentBytes = 16 * 1024;

enum class PageFormat { kText, kOpenMetrics };  // text 0.0.4, OpenMetrics 1.0.0
enum class PageEncoding { kIdentity, kGzip };

// One run of bytes, plain and deflated on its own (raw deflate, ended by a full flush, so that
// segments can be put together as one stream).
struct PageBytes {
  std::string plain;
  std::string deflated;
  std::uint32_t crc = 0;  // CRC-32 of plain
};

struct PageSegment {
  // The same object where the two formats do not differ in these lines: sample lines of gauges
  // exist once.
  std::shared_ptr<const PageBytes> text;
  std::shared_ptr<const PageBytes> openmetrics;
};

class Page {
 public:
  explicit Page(std::vector<std::shared_ptr<const PageSegment>> segments);

  // The body in pieces, at most 2 × kMaxSegments + 2 of them, with the Page as their owner: the
  // views are valid as long as it lives.
  const std::vector<std::string_view>& Body(PageFormat format, PageEncoding encoding) const;

  const std::vector<std::shared_ptr<const PageSegment>>& segments() const { return segments_; }

 private:
  std::vector<std::shared_ptr<const PageSegment>> segments_;
  std::string gzip_trailer_[2];                 // by PageFormat
  std::vector<std::string_view> bodies_[2][2];  // by PageFormat, PageEncoding
};

}  // namespace tidegauge
