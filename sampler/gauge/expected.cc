#include "gauge/expected.h"

#include <limits>

namespace tidegauge {
namespace {

std::size_t Times(std::size_t a, std::size_t b) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  return b != 0 && a > kMost / b ? kMost : a * b;
}

std::vector<std::size_t> OpenLabels(const Query& query) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < query.labels.size(); ++i) {
    if (!query.labels[i].closed) open.push_back(i);
  }
  return open;
}

}  // namespace

Expected::Expected(const Query& query, const std::vector<Slots>& slots, const Tuples& series)
    : query_(query),
      slots_(slots),
      open_labels_(OpenLabels(query)),
      open_seen_(open_labels_.size()) {
  Tuples seen(open_labels_.size());
  std::size_t with_row = 0;
  std::vector<std::uint32_t> tuple(open_labels_.size());
  for (std::size_t i = 0; i < series.size(); ++i) {
    bool open_folded = false;
    bool folded = false;
    for (std::size_t label = 0, open = 0; label < slots.size(); ++label) {
      const bool in_other = series[i][label] >= slots[label].expected;
      folded = folded || in_other;
      if (query.labels[label].closed) continue;
      open_folded = open_folded || in_other;
      tuple[open++] = series[i][label];
    }
    with_row += folded ? 0 : 1;
    if (!open_folded) seen.Add(tuple);
  }
  if (open_labels_.empty()) {
    open_seen_.Add({});  // nothing to be seen: the lists alone say what is expected
  } else {
    const std::vector<std::uint32_t> order = seen.Order();
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || !seen.Equal(order[i - 1], order[i])) open_seen_.Add(seen[order[i]]);
    }
  }

  size_ = counted_ = open_seen_.size();
  for (std::size_t label = 0; label < slots.size(); ++label) {
    if (!query.labels[label].closed) continue;
    const std::size_t listed = slots[label].expected;
    const bool lists_other = listed == slots[label].names.size();
    size_ = Times(size_, listed);
    counted_ = Times(counted_, listed - (lists_other ? 1 : 0));
  }
  without_row_ = size_ - with_row;
}

void Expected::AddTo(Tuples& series) const {
  if (size_ == 0) return;
  for (std::size_t i = 0; i < open_seen_.size(); ++i) {
    std::vector<std::uint32_t> tuple(slots_.size());
    for (std::size_t k = 0; k < open_labels_.size(); ++k) tuple[open_labels_[k]] = open_seen_[i][k];
    std::size_t label = 0;
    do {
      series.Add(tuple);
      // The next combination: counts up like an odometer; past the last label all have been.
      for (label = 0; label < tuple.size(); ++label) {
        if (!query_.labels[label].closed) continue;
        if (++tuple[label] < slots_[label].expected) break;
        tuple[label] = 0;
      }
    } while (label < tuple.size());
  }
}

}  // namespace tidegauge
