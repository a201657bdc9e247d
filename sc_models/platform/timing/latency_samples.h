// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace xive::platform {

/// Distribution of a latency in bounded memory: exact up to kDistinct different values, beyond that
/// values keep 10 significant bits, so that percentiles are low by less than 0.2 %. Count, minimum
/// and maximum are always exact.
class LatencySamples {
 public:
  static constexpr std::size_t kDistinct = std::size_t{1} << 18U;

  void add(std::uint64_t value) {
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
    fresh_.push_back(value);
    // A merge goes through all that is kept: the more there is, the rarer.
    if (fresh_.size() >= std::max(kBuffer, counts_.size() / 16)) compact();
  }
  std::uint64_t count() const { return counted_ + fresh_.size(); }
  std::uint64_t min() const { return count() == 0 ? 0 : min_; }
  std::uint64_t max() const { return max_; }
  /// Values that are kept apart now.
  std::size_t distinct() const { return counts_.size(); }
  /// Nearest rank: the smallest value that at least `percent` of the samples do not exceed.
  std::uint64_t percentile(unsigned percent) {
    const std::uint64_t n = count();
    if (n == 0) return 0;
    if (percent == 0) return min_;
    if (percent >= 100) return max_;
    const std::uint64_t rank = (n * percent + 99) / 100;
    return value_at(rank == 0 ? 0 : rank - 1);
  }
  std::uint64_t median() { return percentile(50); }

 private:
  static constexpr std::size_t kBuffer = 4096;

  /// The value with its highest 10 bits.
  static std::uint64_t rounded(std::uint64_t value) {
    constexpr int kBits = 10;
    const int excess = static_cast<int>(std::bit_width(value)) - kBits;
    return excess <= 0 ? value : value >> excess << excess;
  }
  void compact() {
    merge();
    if (coarse_ || counts_.size() <= kDistinct) return;
    coarse_ = true;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> fewer;
    for (const auto& [value, n] : counts_) {
      if (fewer.empty() || fewer.back().first != rounded(value)) {
        fewer.emplace_back(rounded(value), 0);
      }
      fewer.back().second += n;
    }
    counts_.swap(fewer);
  }
  void merge() {
    if (coarse_) std::transform(fresh_.begin(), fresh_.end(), fresh_.begin(), rounded);
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
      if (rank < n) return std::max(value, min_);
      rank -= n;
    }
    return 0;
  }

  std::vector<std::uint64_t> fresh_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts_;  ///< by value
  std::uint64_t counted_ = 0;
  std::uint64_t min_ = ~std::uint64_t{0}, max_ = 0;
  bool coarse_ = false;  ///< counts_ holds rounded values
};

}  // namespace xive::platform
