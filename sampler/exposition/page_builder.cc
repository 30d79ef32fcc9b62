#include "exposition/page_builder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "exposition/deflate.h"
#include "exposition/page_content.h"
#include "exposition/segment_plan.h"
#include "exposition/text_format.h"

namespace tidegauge {
namespace {

using TimePoint = std::chrono::system_clock::time_point;

// Whether the same lines may stand on both pages, whatever their values.
bool SameNames(const BoardSnapshot& a, const BoardSnapshot& b) {
  const auto same_target = [](const auto& x, const auto& y) {
    return x == y || (x->query == y->query && x->database == y->database);
  };
  const auto same_database = [](const auto& x, const auto& y) { return x->name == y->name; };
  return std::equal(a.targets.begin(), a.targets.end(), b.targets.begin(), b.targets.end(),
                    same_target) &&
         std::equal(a.databases.begin(), a.databases.end(), b.databases.begin(), b.databases.end(),
                    same_database);
}

}  // namespace

struct PageBuilder::Impl {
  Impl(PageOptions page_options, ProcessSource process_source)
      : options(std::move(page_options)),
        process(std::move(process_source)),
        process_metrics(options.labels) {}

  std::shared_ptr<const Page> Build(const BoardSnapshot& next, TimePoint now);
  std::vector<bool> Served(const BoardSnapshot& of, TimePoint now);
  bool RefreshProcess(TimePoint now);
  std::vector<std::size_t> ChangedCells(const BoardSnapshot& before,
                                        const std::vector<bool>& served_before) const;
  void MakeAll();
  bool MakeTouched(const std::vector<std::size_t>& cells);
  std::shared_ptr<const PageSegment> MakeSegment(std::size_t index,
                                                 const std::shared_ptr<const PageSegment>& old);
  std::size_t SegmentOf(std::size_t cell) const;

  // Constant after construction.
  const PageOptions options;
  const ProcessSource process;

  ProcessMetrics process_metrics;
  Deflater deflater;
  std::optional<TimePoint> process_read;
  std::optional<TimePoint> next_expiry;

  // The page last built. The snapshot keeps its states alive, so that pointers tell what changed.
  BoardSnapshot snapshot;
  std::optional<PageContent> content;
  PageValues values;
  SegmentPlan plan;
  std::vector<std::shared_ptr<const PageSegment>> segments;
  std::shared_ptr<const Page> page;

  // Kept for their memory alone.
  std::string text;
  std::string openmetrics;
};

std::shared_ptr<const Page> PageBuilder::Impl::Build(const BoardSnapshot& next, TimePoint now) {
  const bool cut_anew = !content || !SameNames(snapshot, next);
  const BoardSnapshot before = std::exchange(snapshot, next);
  const std::vector<bool> served_before = std::exchange(values.served, Served(snapshot, now));
  values.snapshot = &snapshot;
  const bool process_changed = RefreshProcess(now);

  bool changed = true;
  if (cut_anew) {
    content.emplace(options.labels, options.version, options.revision, snapshot);
    MakeAll();
  } else {
    std::vector<std::size_t> cells = ChangedCells(before, served_before);
    if (process_changed) cells.push_back(content->CellOfProcess());
    changed = MakeTouched(cells);
  }
  if (changed) page = std::make_shared<Page>(segments);
  return page;
}

std::vector<bool> PageBuilder::Impl::Served(const BoardSnapshot& of, TimePoint now) {
  std::vector<bool> served;
  served.reserve(of.targets.size());
  next_expiry.reset();
  for (const auto& state : of.targets) {
    served.push_back(state->Serves(now));
    if (!served.back()) continue;
    const TimePoint expiry = state->ServedUntil() + TimePoint::duration(1);
    if (!next_expiry || expiry < *next_expiry) next_expiry = expiry;
  }
  return served;
}

bool PageBuilder::Impl::RefreshProcess(TimePoint now) {
  if (process_read && now >= *process_read && now - *process_read < kProcessMetricsAge) {
    return false;
  }
  process_read = now;
  const std::optional<ProcessStats> stats = process();
  values.process_text = stats ? process_metrics.Serialize(*stats) : std::string{};
  values.process_openmetrics = ToOpenMetrics(values.process_text);
  return true;
}

std::vector<std::size_t> PageBuilder::Impl::ChangedCells(
    const BoardSnapshot& before, const std::vector<bool>& served_before) const {
  std::vector<std::size_t> cells;
  const auto add = [&](const std::vector<std::size_t>& more) {
    cells.insert(cells.end(), more.begin(), more.end());
  };
  for (std::size_t i = 0; i < snapshot.targets.size(); ++i) {
    if (snapshot.targets[i] != before.targets[i] || values.served[i] != served_before[i]) {
      add(content->CellsOfTarget(*snapshot.targets[i], i));
    }
  }
  for (std::size_t i = 0; i < snapshot.databases.size(); ++i) {
    if (snapshot.databases[i] != before.databases[i]) add(content->CellsOfDatabase(i));
  }
  if (snapshot.reload.successful != before.reload.successful ||
      snapshot.reload.last_success != before.reload.last_success) {
    add(content->CellsOfReload());
  }
  return cells;
}

void PageBuilder::Impl::MakeAll() {
  // Measured first and written segment by segment: a large page is never held twice.
  std::vector<std::uint32_t> sizes;
  sizes.reserve(content->cells());
  for (std::size_t cell = 0; cell < content->cells(); cell += 256) {
    text.clear();
    content->Append(values, cell, std::min(cell + 256, content->cells()), text, nullptr, &sizes);
  }
  plan = PlanSegments(sizes);
  segments.assign(plan.begins.size(), nullptr);
  for (std::size_t i = 0; i < segments.size(); ++i) segments[i] = MakeSegment(i, nullptr);
}

// Makes the segments of these cells anew where their bytes changed; whether any did.
bool PageBuilder::Impl::MakeTouched(const std::vector<std::size_t>& cells) {
  std::vector<bool> touched(segments.size());
  for (const std::size_t cell : cells) touched[SegmentOf(cell)] = true;
  bool changed = false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!touched[i]) continue;
    auto segment = MakeSegment(i, segments[i]);
    changed = changed || segment != segments[i];
    segments[i] = std::move(segment);
  }
  if (!changed) return false;
  std::vector<std::size_t> sizes;
  for (const auto& segment : segments) sizes.push_back(segment->text->plain.size());
  if (OutgrewPlan(plan, sizes)) MakeAll();
  return true;
}

// Writes and deflates a segment; `old` where its text is the same, as its OpenMetrics is then.
std::shared_ptr<const PageSegment> PageBuilder::Impl::MakeSegment(
    std::size_t index, const std::shared_ptr<const PageSegment>& old) {
  const std::size_t begin = plan.begins[index];
  const std::size_t end =
      index + 1 < plan.begins.size() ? plan.begins[index + 1] : content->cells();
  const bool differ = content->FormatsDiffer(begin, end);
  text.clear();
  openmetrics.clear();
  content->Append(values, begin, end, text, differ ? &openmetrics : nullptr);
  if (old != nullptr && old->text->plain == text) return old;

  auto segment = std::make_shared<PageSegment>();
  segment->text = deflater.Deflate(std::string(text));
  segment->openmetrics = differ ? deflater.Deflate(std::string(openmetrics)) : segment->text;
  return segment;
}

std::size_t PageBuilder::Impl::SegmentOf(std::size_t cell) const {
  const auto after = std::upper_bound(plan.begins.begin(), plan.begins.end(), cell);
  return static_cast<std::size_t>(after - plan.begins.begin()) - 1;
}

PageBuilder::PageBuilder(PageOptions options, ProcessSource process)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(process))) {}

PageBuilder::~PageBuilder() = default;

std::shared_ptr<const Page> PageBuilder::Build(const BoardSnapshot& snapshot,
                                               std::chrono::system_clock::time_point now) {
  return impl_->Build(snapshot, now);
}

std::optional<std::chrono::system_clock::time_point> PageBuilder::NextExpiry() const {
  return impl_->next_expiry;
}

}  // namespace tidegauge
