// Board → page. Pure but for the process-level metrics: time and data come in as arguments.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "exposition/page.h"
#include "exposition/process_metrics.h"
#include "sampling/board.h"

namespace tidegauge {

struct PageOptions {
  // config.yaml's, on every series; none may be called as a label of ours (its loader refuses
  // that).
  std::map<std::string, std::string> labels;
  std::string version;
  std::string revision;
};

// The process-level metrics are read again by a Build this long after they were last read, or
// later.
inline constexpr std::chrono::seconds kProcessMetricsAge{1};

// Not thread-safe: belongs to the page thread.
class PageBuilder {
 public:
  explicit PageBuilder(PageOptions options, ProcessSource process = ReadProcessStats);
  ~PageBuilder();

  // Makes the page of this snapshot at `now`. Segments that nothing touched since the last call are
  // reused, and the whole page where nothing changed at all. A query's gauges and its self-metrics
  // change in the same page.
  std::shared_ptr<const Page> Build(const BoardSnapshot& snapshot,
                                    std::chrono::system_clock::time_point now);

  // When the page last built stops being true without any publish: just after the next reading's
  // keep_for.
  std::optional<std::chrono::system_clock::time_point> NextExpiry() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegauge
