// The series that a gauge is expected to have: every combination of the values that closed lists
// name with each tuple of open values that some row has. `other` is among them only where a list
// names it. What `missing` is about.
#pragma once

#include <cstddef>
#include <vector>

#include "gauge/label_values.h"
#include "gauge/query.h"
#include "gauge/tuples.h"

namespace tidegauge {

class Expected {
 public:
  // `series` are the distinct series that rows gave, as numbers of the slots' names. The query and
  // the slots must outlive this.
  Expected(const Query& query, const std::vector<Slots>& slots, const Tuples& series);

  // How many there are, the largest number where more than fit.
  std::size_t size() const { return size_; }
  // Those of them without a label `other`: what counts against max_series.
  std::size_t counted() const { return counted_; }
  // Those of them that no row gave.
  std::size_t without_row() const { return without_row_; }

  // Appends all of them.
  void AddTo(Tuples& series) const;

 private:
  const Query& query_;
  const std::vector<Slots>& slots_;
  std::vector<std::size_t> open_labels_;
  Tuples open_seen_;  // distinct
  std::size_t size_;
  std::size_t counted_;
  std::size_t without_row_;
};

}  // namespace tidegauge
