// What stands on a page, in its order, as cells: the smallest runs of lines that change together.
//
// Families stand in this order: the users' gauges by name, tidegauge_*, process_*. A family is a
// header cell and then a cell for each target or database, by query and database (as the snapshot
// has them). Labels stand in this order: config.yaml's by name, `database`, `query`, then the
// metric's own, a gauge's as its file has them. A gauge has its header from start-up, its lines
// while its reading is served.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exposition/page.h"
#include "exposition/self_metrics.h"
#include "sampling/board.h"

namespace tidegauge {

// The latest values, which cells are written from.
struct PageValues {
  const BoardSnapshot* snapshot = nullptr;
  std::vector<bool> served = {};  // by target: whether its reading may stand on the page
  std::string process_text = {};  // the process_* families, text 0.0.4
  std::string process_openmetrics = {};
};

// The cells of one set of targets and databases. Keeps no values, only what they are called.
class PageContent {
 public:
  PageContent(const std::map<std::string, std::string>& labels, std::string_view version,
              std::string_view revision, const BoardSnapshot& snapshot);

  std::size_t cells() const { return cells_; }
  // The first ones: the users' gauges.
  std::size_t gauge_cells() const { return families_[gauge_families_].first_cell; }

  // Whether cells [begin, end) read differently in the two formats: where there is a header.
  bool FormatsDiffer(std::size_t begin, std::size_t end) const;

  // Appends cells [begin, end). `openmetrics` may be null; `sizes` too, else it gets each cell's
  // size in text. `values` must be of the targets and databases that this was made for.
  void Append(const PageValues& values, std::size_t begin, std::size_t end, std::string& text,
              std::string* openmetrics, std::vector<std::uint32_t>* sizes = nullptr) const;

  // The cells that may change with one target (i-th of the snapshot), one database, a reload, and
  // the process.
  std::vector<std::size_t> CellsOfTarget(const TargetState& state, std::size_t target) const;
  std::vector<std::size_t> CellsOfDatabase(std::size_t database) const;
  std::vector<std::size_t> CellsOfReload() const;
  std::size_t CellOfProcess() const { return cells_ - 1; }

 private:
  enum class Kind {
    kGauge,
    kBuildInfo,
    kMetricInfo,
    kTarget,
    kFailures,
    kDatabase,
    kReload,
    kProcess
  };

  struct GaugeRow {
    std::uint32_t target;
    std::uint32_t gauge;  // index into Query::gauges
  };

  struct Family {
    Kind kind = Kind::kGauge;
    std::size_t spec = 0;             // index into the table of that kind
    std::vector<GaugeRow> rows = {};  // of a gauge; at least one
    std::size_t first_cell = 0;       // its header, if it has one
  };

  void AddFamily(Family family, std::size_t cells);
  void AppendCell(const PageValues& values, const Family& family, std::size_t row,
                  std::string& out) const;
  void AppendHeader(const PageValues& values, const Family& family, PageFormat format,
                    std::string& out) const;
  void AppendGauge(const PageValues& values, const GaugeRow& row, std::string& out) const;
  void AppendSample(std::string_view name, const std::string& database, const std::string& query,
                    double value, std::string& out) const;

  std::string labels_;      // config.yaml's, each with a comma behind it
  std::string build_info_;  // its one line
  std::vector<Family> families_;
  std::size_t gauge_families_ = 0;  // the first ones, sorted by name
  std::vector<std::string> gauge_names_;
  std::size_t cells_ = 0;
};

}  // namespace tidegauge
