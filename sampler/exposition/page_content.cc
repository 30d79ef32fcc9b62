#include "exposition/page_content.h"

#include <algorithm>
#include <utility>

#include "exposition/number.h"
#include "exposition/text_format.h"
#include "gauge/duration.h"
#include "gauge/failure.h"

namespace tidegauge {
namespace {

void AppendValue(std::string& out, double value) {
  out += ' ';
  AppendNumber(out, value);
  out += '\n';
}

// Labels that end in a comma, or none: `{a="b",` becomes `{a="b"}`, `{` nothing.
void CloseLabels(std::string& out) {
  if (out.back() == ',') {
    out.back() = '}';
  } else {
    out.pop_back();
  }
}

}  // namespace

PageContent::PageContent(const std::map<std::string, std::string>& labels, std::string_view version,
                         std::string_view revision, const BoardSnapshot& snapshot) {
  for (const auto& [name, value] : labels) {
    AppendLabel(labels_, name, value);
    labels_ += ',';
  }
  build_info_.append(kBuildInfo).append("{").append(labels_);
  AppendLabel(build_info_, "version", version);
  build_info_ += ',';
  AppendLabel(build_info_, "revision", revision);
  build_info_ += '}';
  AppendValue(build_info_, 1);

  std::map<std::string_view, std::vector<GaugeRow>> gauges;
  for (std::size_t target = 0; target < snapshot.targets.size(); ++target) {
    const auto& query_gauges = snapshot.targets[target]->query->gauges;
    for (std::size_t gauge = 0; gauge < query_gauges.size(); ++gauge) {
      gauges[query_gauges[gauge].name].push_back(
          {static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(gauge)});
    }
  }
  gauge_families_ = gauges.size();
  gauge_names_.reserve(gauges.size());
  for (auto& [name, rows] : gauges) {
    gauge_names_.emplace_back(name);
    const std::size_t count = rows.size();
    rows.shrink_to_fit();
    AddFamily({Kind::kGauge, gauge_names_.size() - 1, std::move(rows)}, 1 + count);
  }
  AddFamily({Kind::kBuildInfo}, 2);
  AddFamily({Kind::kMetricInfo}, 1 + snapshot.targets.size());
  for (std::size_t spec = 0; spec < TargetMetrics().size(); ++spec) {
    AddFamily({Kind::kTarget, spec}, 1 + snapshot.targets.size());
  }
  AddFamily({Kind::kFailures}, 1 + snapshot.databases.size());
  for (std::size_t spec = 0; spec < DatabaseMetrics().size(); ++spec) {
    AddFamily({Kind::kDatabase, spec}, 1 + snapshot.databases.size());
  }
  for (std::size_t spec = 0; spec < ReloadMetrics().size(); ++spec) {
    AddFamily({Kind::kReload, spec}, 2);
  }
  AddFamily({Kind::kProcess}, 1);
}

void PageContent::AddFamily(Family family, std::size_t cells) {
  family.first_cell = cells_;
  cells_ += cells;
  families_.push_back(std::move(family));
}

bool PageContent::FormatsDiffer(std::size_t begin, std::size_t end) const {
  const auto header = std::lower_bound(
      families_.begin(), families_.end(), begin,
      [](const Family& family, std::size_t cell) { return family.first_cell < cell; });
  return header != families_.end() && header->first_cell < end;
}

void PageContent::Append(const PageValues& values, std::size_t begin, std::size_t end,
                         std::string& text, std::string* openmetrics,
                         std::vector<std::uint32_t>* sizes) const {
  auto family = std::upper_bound(
      families_.begin(), families_.end(), begin,
      [](std::size_t cell, const Family& other) { return cell < other.first_cell; });
  --family;  // the first one begins at cell 0
  for (std::size_t cell = begin; cell < end; ++cell) {
    if (const auto next = family + 1; next != families_.end() && next->first_cell == cell) {
      family = next;
    }
    const std::size_t before = text.size();
    if (family->kind == Kind::kProcess) {
      text += values.process_text;
      if (openmetrics != nullptr) openmetrics->append(values.process_openmetrics).append("# EOF\n");
    } else if (cell == family->first_cell) {
      AppendHeader(values, *family, PageFormat::kText, text);
      if (openmetrics != nullptr) {
        AppendHeader(values, *family, PageFormat::kOpenMetrics, *openmetrics);
      }
    } else {
      AppendCell(values, *family, cell - family->first_cell - 1, text);
      if (openmetrics != nullptr) openmetrics->append(text, before);
    }
    if (sizes != nullptr) sizes->push_back(static_cast<std::uint32_t>(text.size() - before));
  }
}

void PageContent::AppendHeader(const PageValues& values, const Family& family, PageFormat format,
                               std::string& out) const {
  const auto append = [&](std::string_view name, MetricType type, std::string_view help) {
    AppendFamilyHeader(out, format, name, type, help);
  };
  switch (family.kind) {
    case Kind::kGauge: {
      // Where several files feed it, the first by name speaks: targets are in that order.
      const GaugeRow& row = family.rows.front();
      const Query& query = *values.snapshot->targets[row.target]->query;
      const Gauge& gauge = query.gauges[row.gauge];
      append(gauge.name, MetricType::kGauge,
             gauge.help + " (" + query.name + ".sql, every " + FormatDuration(query.every) + ")");
      return;
    }
    case Kind::kBuildInfo:
      return append(kBuildInfo, MetricType::kInfo, kBuildInfoHelp);
    case Kind::kMetricInfo:
      return append(kMetricInfo, MetricType::kInfo, kMetricInfoHelp);
    case Kind::kTarget: {
      const TargetMetric& metric = TargetMetrics()[family.spec];
      return append(metric.name, metric.type, metric.help);
    }
    case Kind::kFailures:
      return append(kFailures, MetricType::kCounter, kFailuresHelp);
    case Kind::kDatabase: {
      const DatabaseMetric& metric = DatabaseMetrics()[family.spec];
      return append(metric.name, metric.type, metric.help);
    }
    case Kind::kReload: {
      const ReloadMetric& metric = ReloadMetrics()[family.spec];
      return append(metric.name, metric.type, metric.help);
    }
    case Kind::kProcess:
      return;  // brings its own
  }
}

void PageContent::AppendCell(const PageValues& values, const Family& family, std::size_t row,
                             std::string& out) const {
  const BoardSnapshot& snapshot = *values.snapshot;
  switch (family.kind) {
    case Kind::kGauge:
      return AppendGauge(values, family.rows[row], out);
    case Kind::kBuildInfo:
      out += build_info_;
      return;
    case Kind::kMetricInfo: {
      const TargetState& state = *snapshot.targets[row];
      for (const Gauge& gauge : state.query->gauges) {
        out.append(kMetricInfo).append("{").append(labels_);
        AppendLabel(out, "database", state.database);
        out += ',';
        AppendLabel(out, "query", state.query->name);
        out += ',';
        AppendLabel(out, "metric", gauge.name);
        out += ',';
        AppendLabel(out, "owner", state.query->owner);
        out += '}';
        AppendValue(out, 1);
      }
      return;
    }
    case Kind::kTarget: {
      const TargetState& state = *snapshot.targets[row];
      const TargetMetric& metric = TargetMetrics()[family.spec];
      return AppendSample(metric.name, state.database, state.query->name,
                          metric.value(state, values.served[row]), out);
    }
    case Kind::kFailures: {
      const DatabaseState& state = *snapshot.databases[row];
      for (std::size_t i = 0; i < kReasonCount; ++i) {
        out.append(kFailures).append("{").append(labels_);
        AppendLabel(out, "database", state.name);
        out += ',';
        AppendLabel(out, "reason", ReasonName(kAllReasons[i]));
        out += '}';
        AppendValue(out,
                    static_cast<double>(state.failures[static_cast<std::size_t>(kAllReasons[i])]));
      }
      return;
    }
    case Kind::kDatabase: {
      const DatabaseState& state = *snapshot.databases[row];
      const DatabaseMetric& metric = DatabaseMetrics()[family.spec];
      return AppendSample(metric.name, state.name, {}, metric.value(state), out);
    }
    case Kind::kReload: {
      const ReloadMetric& metric = ReloadMetrics()[family.spec];
      return AppendSample(metric.name, {}, {}, metric.value(snapshot.reload), out);
    }
    case Kind::kProcess:
      return;  // Append writes it: its two formats differ
  }
}

void PageContent::AppendSample(std::string_view name, const std::string& database,
                               const std::string& query, double value, std::string& out) const {
  out.append(name).append("{").append(labels_);
  if (!database.empty()) {
    AppendLabel(out, "database", database);
    out += ',';
  }
  if (!query.empty()) {
    AppendLabel(out, "query", query);
    out += ',';
  }
  CloseLabels(out);
  AppendValue(out, value);
}

void PageContent::AppendGauge(const PageValues& values, const GaugeRow& row,
                              std::string& out) const {
  if (!values.served[row.target]) return;
  const TargetState& state = *values.snapshot->targets[row.target];
  const Query& query = *state.query;
  const std::string& name = query.gauges[row.gauge].name;
  std::string database;
  AppendLabel(database, "database", state.database);
  for (const Series& series : state.reading->gauges[row.gauge].series) {
    out.append(name).append("{").append(labels_).append(database);
    for (std::size_t i = 0; i < query.labels.size(); ++i) {
      out += ',';
      AppendLabel(out, query.labels[i].column, series.labels[i]);
    }
    out += '}';
    AppendValue(out, series.value);
  }
}

std::vector<std::size_t> PageContent::CellsOfTarget(const TargetState& state,
                                                    std::size_t target) const {
  std::vector<std::size_t> cells;
  for (const Gauge& gauge : state.query->gauges) {
    const auto name = std::lower_bound(gauge_names_.begin(), gauge_names_.end(), gauge.name);
    const Family& family = families_[static_cast<std::size_t>(name - gauge_names_.begin())];
    const auto row = std::lower_bound(
        family.rows.begin(), family.rows.end(), target,
        [](const GaugeRow& other, std::size_t wanted) { return other.target < wanted; });
    cells.push_back(family.first_cell + 1 + static_cast<std::size_t>(row - family.rows.begin()));
  }
  for (std::size_t i = gauge_families_; i < families_.size(); ++i) {
    const Family& family = families_[i];
    if (family.kind == Kind::kTarget && TargetMetrics()[family.spec].changes) {
      cells.push_back(family.first_cell + 1 + target);
    }
  }
  return cells;
}

std::vector<std::size_t> PageContent::CellsOfDatabase(std::size_t database) const {
  std::vector<std::size_t> cells;
  for (std::size_t i = gauge_families_; i < families_.size(); ++i) {
    const Family& family = families_[i];
    if (family.kind == Kind::kFailures || family.kind == Kind::kDatabase) {
      cells.push_back(family.first_cell + 1 + database);
    }
  }
  return cells;
}

std::vector<std::size_t> PageContent::CellsOfReload() const {
  std::vector<std::size_t> cells;
  for (std::size_t i = gauge_families_; i < families_.size(); ++i) {
    if (families_[i].kind == Kind::kReload) cells.push_back(families_[i].first_cell + 1);
  }
  return cells;
}

}  // namespace tidegauge
