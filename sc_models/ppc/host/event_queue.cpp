// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/event_queue.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace xive::ppc::host {

std::uint64_t EventQueue::Wheel::first(std::uint64_t tick) const {
  const std::size_t start = tick & (kBuckets - 1);
  std::size_t word = start >> 6U;
  std::uint64_t bits = words_[word] & ~std::uint64_t{0} << (start & 63U);
  if (bits == 0) {
    // Occupied words behind this one, else from the beginning of the wheel.
    const std::uint32_t later = summary_ & ~((2U << word) - 1U);
    word = static_cast<std::size_t>(std::countr_zero(later != 0 ? later : summary_));
    bits = words_[word];
  }
  const std::size_t at = word << 6U | static_cast<std::size_t>(std::countr_zero(bits));
  return tick + ((at - start) & (kBuckets - 1));
}

std::uint32_t EventQueue::Wheel::take(std::uint64_t tick) {
  const std::size_t at = tick & (kBuckets - 1);
  words_[at >> 6U] &= ~(std::uint64_t{1} << (at & 63U));
  if (words_[at >> 6U] == 0) summary_ &= ~(1U << (at >> 6U));
  return std::exchange(heads_[at], kEnd);
}

std::uint32_t EventQueue::node_of(const Item& item) {
  if (free_ == kEnd) {
    nodes_.push_back({item});
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  const std::uint32_t node = free_;
  free_ = nodes_[node].next;
  nodes_[node].item = item;
  return node;
}

/// What is new usually comes first of all, or nearly so.
void EventQueue::sort_in(const Item& item) {
  auto place = soon_.end();
  while (!item.before(*std::prev(place))) --place;
  soon_.insert(place, item);
}

void EventQueue::push(const Item& item) {
  const std::uint64_t tick = item.time >> kFineShift;
  if (size_++ == 0) {
    tick_ = tick;
    block_ = tick >> kWheelBits;
  }
  if (tick <= tick_) return sort_in(item);
  const std::uint64_t block = tick >> kWheelBits;
  if (block == block_) {
    fine_.add(tick, nodes_, node_of(item));
  } else if (block - block_ < kBuckets) {
    coarse_.add(block, nodes_, node_of(item));
  } else {
    far_.emplace(block, item);
  }
}

/// The fine wheel is empty: it covers the next block that has anything.
void EventQueue::turn() {
  block_ = coarse_.empty() ? far_.begin()->first : coarse_.first(block_ + 1);
  tick_ = block_ << kWheelBits;
  while (!far_.empty() && far_.begin()->first - block_ < kBuckets) {
    coarse_.add(far_.begin()->first, nodes_, node_of(far_.begin()->second));
    far_.erase(far_.begin());
  }
  for (std::uint32_t node = coarse_.take(block_); node != kEnd;) {
    const std::uint32_t next = nodes_[node].next;
    fine_.add(nodes_[node].item.time >> kFineShift, nodes_, node);
    node = next;
  }
}

void EventQueue::refill() {
  if (fine_.empty()) turn();
  tick_ = fine_.first(tick_);
  for (std::uint32_t node = fine_.take(tick_); node != kEnd;) {
    soon_.push_back(nodes_[node].item);
    free_ = std::exchange(node, std::exchange(nodes_[node].next, free_));
  }
  if (soon_.size() == 2) return;  // often one alone
  // A bucket lists the latest asked for first: in order already when all are due at the same time.
  const auto later = [](const Item& a, const Item& b) { return b.before(a); };
  if (!std::is_sorted(soon_.begin(), soon_.end(), later)) {
    std::sort(soon_.begin(), soon_.end(), later);
  }
}

}  // namespace xive::ppc::host
