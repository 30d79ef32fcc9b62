// Board → page. Pure but for the process-level metrics: time and data come in as arguments.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "exposition/page.h"
#include "sampling/board.h"

namespace tidegauge {

struct PageOptions {
  std::map<std::string, std::string> labels;  // config.yaml's, on every series
  std::string version;
  std::string revision;
};

// Not thread-safe: belongs to the page thread.
class PageBuilder {
 public:
  explicit PageBuilder(PageOptions options);
  ~PageBuilder();

  // Makes the page of this snapshot at `now`. Segments that nothing touched since the last call are
  // reused.
  std::shared_ptr<const Page> Build(const BoardSnapshot& snapshot,
                                    std::chrono::system_clock::time_point now);

  // When the page last built stops being true without any publish: the next reading's keep_for.
  std::optional<std::chrono::system_clock::time_point> NextExpiry() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegauge
