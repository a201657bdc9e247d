// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>

namespace xive::machine {

/// Which table entries a router has at hand, for their timing only: least recently used goes first.
/// What the entries contain is the business of ic::StructureCache.
class TableCache {
 public:
  /// 0 entries: all there are fit, and were there from the start.
  explicit TableCache(unsigned entries) : entries_(entries) {}

  /// Uses an entry; false: it has to come from memory.
  bool touch(unsigned blk, std::uint32_t idx) {
    if (entries_ == 0) return true;
    const std::uint64_t key = std::uint64_t{blk} << 32U | idx;
    const auto known = where_.find(key);
    if (known != where_.end()) {
      order_.splice(order_.begin(), order_, known->second);
      ++hits_;
      return true;
    }
    ++misses_;
    if (order_.size() == entries_) {
      where_.erase(order_.back());
      order_.pop_back();
    }
    order_.push_front(key);
    where_[key] = order_.begin();
    return false;
  }
  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }

 private:
  unsigned entries_;
  std::list<std::uint64_t> order_;  ///< last used first
  std::unordered_map<std::uint64_t, std::list<std::uint64_t>::iterator> where_;  ///< looked up only
  std::uint64_t hits_ = 0, misses_ = 0;
};

}  // namespace xive::machine
