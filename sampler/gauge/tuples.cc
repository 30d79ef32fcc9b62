#include "gauge/tuples.h"

#include <numeric>

namespace tidegauge {

void Tuples::Sort(std::vector<std::uint32_t>& indices) const {
  // A radix sort: by the last number first, each time keeping what the one before has done. The
  // numbers are dense, so this beats comparing tuples several times over at 10,000 rows.
  std::vector<std::uint32_t> sorted(indices.size());
  std::vector<std::uint32_t> place;
  for (std::size_t column = width_; column-- > 0;) {
    place.clear();
    for (const std::uint32_t i : indices) {
      const std::size_t number = (*this)[i][column];
      if (number + 2 > place.size()) place.resize(number + 2);
      ++place[number + 1];
    }
    std::partial_sum(place.begin(), place.end(), place.begin());
    for (const std::uint32_t i : indices) sorted[place[(*this)[i][column]]++] = i;
    indices.swap(sorted);
  }
}

std::vector<std::uint32_t> Tuples::Order() const {
  std::vector<std::uint32_t> indices(size_);
  std::iota(indices.begin(), indices.end(), 0U);
  Sort(indices);
  return indices;
}

}  // namespace tidegauge
