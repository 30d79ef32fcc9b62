// Where a page is cut into segments. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tidegauge {

// A cut page: the segments' first cells and their sizes when it was cut.
struct SegmentPlan {
  std::vector<std::size_t> begins;
  std::vector<std::size_t> sizes;
};

// Cuts cells of these sizes (bytes) into at most kMaxSegments runs, each well over kMinSegmentBytes
// unless the whole is smaller: so that a segment may shrink and grow for long before the next cut.
SegmentPlan PlanSegments(const std::vector<std::uint32_t>& cell_sizes);

// Whether segments that have these sizes now must be cut anew: one fell below kMinSegmentBytes
// (while there are several), or grew to more than three times what a cut would make.
bool OutgrewPlan(const SegmentPlan& plan, const std::vector<std::size_t>& sizes_now);

}  // namespace tidegauge
