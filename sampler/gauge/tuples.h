// Tuples of small numbers, all of one width, in one block of memory: rows and series by the numbers
// of their label values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

  bool Equal(std::size_t a, std::size_t b) const {
    return std::ranges::equal((*this)[a], (*this)[b]);
  }

  // Sorts `indices` of tuples by their tuples, first number first; those of equal tuples keep their
  // order. Takes time and memory by the largest number, which is meant to be small.
  void Sort(std::vector<std::uint32_t>& indices) const;

  // The indices of all tuples, sorted.
  std::vector<std::uint32_t> Order() const;

 private:
  std::size_t width_;
  std::size_t size_;
  std::vector<std::uint32_t> data_;
};

}  // namespace tidegauge
