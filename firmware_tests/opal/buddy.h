// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace xive::opal {

/// Buddy allocator of aligned powers of two out of 2^order numbers. The lowest block of the
/// smallest fitting size is given out.
class Buddy {
 public:
  explicit Buddy(unsigned order) : free_(order + 1U) { free_[order].insert(0); }

  std::optional<std::uint32_t> allocate(unsigned order) {
    for (unsigned at = order; at < free_.size(); ++at) {
      if (free_[at].empty()) continue;
      const std::uint32_t base = *free_[at].begin();
      take(base, at, base, order);
      return base;
    }
    return std::nullopt;
  }

  /// Takes [base, base + 2^order); false if any of it is taken.
  bool reserve(std::uint32_t base, unsigned order) {
    for (unsigned at = order; at < free_.size(); ++at) {
      const std::uint32_t block = base & ~((std::uint32_t{1} << at) - 1U);
      if (free_[at].count(block) == 0) continue;
      take(block, at, base, order);
      return true;
    }
    return false;
  }

  bool is_allocated(std::uint32_t base, unsigned order) const {
    const auto found = taken_.find(base);
    return found != taken_.end() && found->second == order;
  }

  /// False if exactly this block was not given out.
  bool release(std::uint32_t base, unsigned order) {
    if (!is_allocated(base, order)) return false;
    taken_.erase(base);
    while (order + 1U < free_.size()) {
      const std::uint32_t buddy = base ^ (std::uint32_t{1} << order);
      if (free_[order].erase(buddy) == 0) break;
      base &= ~(std::uint32_t{1} << order);
      ++order;
    }
    free_[order].insert(base);
    return true;
  }

 private:
  /// Splits the free block (`block`, 2^have) until (`base`, 2^want) is left.
  void take(std::uint32_t block, unsigned have, std::uint32_t base, unsigned want) {
    free_[have].erase(block);
    while (have > want) {
      --have;
      const std::uint32_t upper = block + (std::uint32_t{1} << have);
      if (base >= upper) {
        free_[have].insert(block);
        block = upper;
      } else {
        free_[have].insert(upper);
      }
    }
    taken_[base] = want;
  }

  std::vector<std::set<std::uint32_t>> free_;  ///< by order
  std::map<std::uint32_t, unsigned> taken_;    ///< base to order
};

}  // namespace xive::opal
