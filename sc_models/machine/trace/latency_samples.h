// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace xive::machine {

/// Exact distribution of a latency: every sample counts, and memory grows with the number of
/// different values only.
class LatencySamples {
 public:
  void add(std::uint64_t value) {
    fresh_.push_back(value);
    if (fresh_.size() >= kBuffer) compact();
  }
  std::uint64_t count() const { return counted_ + fresh_.size(); }
  std::uint64_t min() { return value_at(0); }
  std::uint64_t max() { return count() == 0 ? 0 : value_at(count() - 1); }
  /// Nearest rank: the smallest value that at least `percent` of the samples do not exceed.
  std::uint64_t percentile(unsigned percent) {
    const std::uint64_t n = count();
    if (n == 0) return 0;
    const std::uint64_t rank = (n * percent + 99) / 100;
    return value_at(rank == 0 ? 0 : rank - 1);
  }
  std::uint64_t median() { return percentile(50); }

 private:
  static constexpr std::size_t kBuffer = 4096;

  void compact() {
    std::sort(fresh_.begin(), fresh_.end());
    std::vector<std::pair<std::uint64_t, std::uint64_t>> merged;
    merged.reserve(counts_.size() + 64);
    auto old = counts_.begin();
    for (std::size_t i = 0; i < fresh_.size();) {
      const std::uint64_t value = fresh_[i];
      std::uint64_t n = 0;
      for (; i < fresh_.size() && fresh_[i] == value; ++i) ++n;
      for (; old != counts_.end() && old->first < value; ++old) merged.push_back(*old);
      if (old != counts_.end() && old->first == value) n += (old++)->second;
      merged.emplace_back(value, n);
    }
    merged.insert(merged.end(), old, counts_.end());
    counts_.swap(merged);
    counted_ += fresh_.size();
    fresh_.clear();
  }
  std::uint64_t value_at(std::uint64_t rank) {
    if (!fresh_.empty()) compact();
    for (const auto& [value, n] : counts_) {
      if (rank < n) return value;
      rank -= n;
    }
    return 0;
  }

  std::vector<std::uint64_t> fresh_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts_;  ///< by value
  std::uint64_t counted_ = 0;
};

}  // namespace xive::machine
