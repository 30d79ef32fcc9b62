// Tuples of small numbers, all of one width, in one block of memory: rows and series by the numbers
// of their label values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace tidegauge {

class Tuples {
 public:
  explicit Tuples(std::size_t width, std::size_t size = 0)
      : width_(width), size_(size), data_(width * size) {}

  std::size_t size() const { return size_; }
  std::span<std::uint32_t> operator[](std::size_t i) { return {data_.data() + i * width_, width_}; }
  std::span<const std::uint32_t> operator[](std::size_t i) const {
    return {data_.data() + i * width_, width_};
  }
  // The tuple must have the width.
  void Add(std::span<const std::uint32_t> tuple) {
    data_.insert(data_.end(), tuple.begin(), tuple.end());
    ++size_;
  }
  void Reserve(std::size_t size) { data_.reserve(width_ * size); }

  bool Equal(std::size_t a, std::size_t b) const {
    return std::ranges::equal((*this)[a], (*this)[b]);
  }
  bool Less(std::size_t a, std::size_t b) const {
    return std::ranges::lexicographical_compare((*this)[a], (*this)[b]);
  }

  // Sorts numbers of tuples by their tuples; those of equal tuples keep their order.
  void Sort(std::vector<std::uint32_t>& indices) const {
    std::stable_sort(indices.begin(), indices.end(),
                     [this](std::uint32_t a, std::uint32_t b) { return Less(a, b); });
  }
  // The numbers of all tuples, sorted.
  std::vector<std::uint32_t> Order() const {
    std::vector<std::uint32_t> indices(size_);
    std::iota(indices.begin(), indices.end(), 0U);
    Sort(indices);
    return indices;
  }

 private:
  std::size_t width_;
  std::size_t size_;
  std::vector<std::uint32_t> data_;
};

}  // namespace tidegauge
