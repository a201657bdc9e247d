// SPDX-License-Identifier: Apache-2.0
/// A weighted choice in constant time: a table of 1024 entries, each class filling its share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tb/validate/random.h"

namespace xive::validate {

class PickTable {
 public:
  /// Class i gets weights[i] / sum of the entries; a class with a weight has at least one entry.
  /// With all weights 0 the choice is class 0.
  explicit PickTable(std::span<const std::uint16_t> weights) {
    std::uint64_t sum = 0;
    for (const std::uint16_t w : weights) sum += w;
    if (sum == 0) return;
    std::size_t filled = 0;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] == 0) continue;
      seen += weights[i];
      std::size_t end = static_cast<std::size_t>(seen * kSize / sum);
      if (end <= filled) end = filled + 1;
      for (; filled < end && filled < kSize; ++filled) {
        table_[filled] = static_cast<std::uint8_t>(i);
      }
    }
  }

  std::uint8_t pick(Random& random) const { return table_[random.next() >> 54U]; }

 private:
  static constexpr std::size_t kSize = 1024;
  std::array<std::uint8_t, kSize> table_{};
};

/// A queue of fixed capacity without allocation; pushing into a full one is refused.
template <typename T, std::size_t N>
class FixedQueue {
  static_assert((N & (N - 1)) == 0, "capacity is a power of two");

 public:
  bool empty() const { return head_ == tail_; }
  bool full() const { return tail_ - head_ == N; }
  std::size_t size() const { return tail_ - head_; }
  bool push(const T& value) {
    if (full()) return false;
    items_[tail_++ & (N - 1)] = value;
    return true;
  }
  T& front() { return items_[head_ & (N - 1)]; }
  const T& front() const { return items_[head_ & (N - 1)]; }
  /// i-th from the front.
  T& at(std::size_t i) { return items_[(head_ + i) & (N - 1)]; }
  void pop() { ++head_; }
  void clear() { head_ = tail_; }

 private:
  std::array<T, N> items_{};
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

}  // namespace xive::validate
