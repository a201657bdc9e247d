// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/event_queue.h"

#include <bit>

namespace xive::ppc::host {

/// There is a free node.
EventQueue::Place EventQueue::grow() {
  nodes_.emplace_back();
  return static_cast<Place>(nodes_.size() - 1);
}

/// Beyond the fine wheel.
void EventQueue::add_late(Place place) {
  const std::uint64_t block = nodes_[place].key.time >> (kFineShift + kWheelBits);
  if (block - block_ < kBuckets) {
    const std::size_t at = block & (kBuckets - 1);
    set(coarse_occupied_, at);
    nodes_[place].next = std::exchange(coarse_[at], place);
  } else {
    far_.emplace(block, place);
  }
}

void EventQueue::push_late(Place place) {
  add_late(place);
  if (empty()) find_next();
}

/// The next block that has anything; block_ if there is none.
std::uint64_t EventQueue::next_block() const {
  // Once around the wheel.
  const std::size_t start = (block_ + 1) & (kBuckets - 1);
  std::size_t word = start >> 6U;
  std::uint64_t bits = coarse_occupied_[word] & ~std::uint64_t{0} << (start & 63U);
  for (std::size_t n = 0; bits == 0 && n < coarse_occupied_.size(); ++n) {
    word = (word + 1) % coarse_occupied_.size();
    bits = coarse_occupied_[word];
  }
  if (bits == 0) return far_.empty() ? block_ : far_.begin()->first;
  const std::size_t at = word << 6U | static_cast<std::size_t>(std::countr_zero(bits));
  return block_ + ((at - block_) & (kBuckets - 1));
}

/// The fine wheel is empty: it covers the next block that has anything. False if there is none.
bool EventQueue::turn() {
  const std::uint64_t block = next_block();
  if (block == block_) return false;
  block_ = block;
  tick_ = block << kWheelBits;
  while (!far_.empty() && far_.begin()->first - block < kBuckets) {
    add_late(far_.begin()->second);
    far_.erase(far_.begin());
  }
  const std::size_t at = block & (kBuckets - 1);
  clear(coarse_occupied_, at);
  for (Place place = std::exchange(coarse_[at], kEnd); place != kEnd;) {
    Node& node = nodes_[place];
    const Place next = node.next;
    if (node.what != kCancelled) {
      sort_in(node.key.time >> kFineShift, node, place);
    } else {
      node.next = std::exchange(free_, place);
    }
    place = next;
  }
  return true;
}

/// Into a bucket that has something earlier. Agents in step with each other are due at the same
/// time: those of an earlier time are stepped over at once.
void EventQueue::sort_among(std::size_t at, Node& node, Place place) {
  Place* link = &fine_[at];
  while (*link != kEnd) {
    Node& head = nodes_[*link];
    if (node.key.before(head.key)) {
      if (node.key.time == head.key.time) node.last = head.last;
      break;
    }
    Node& last = nodes_[head.last];
    if (node.key.time != head.key.time) {
      link = &last.next;
      continue;
    }
    if (last.key.before(node.key)) {
      link = &last.next;
      head.last = place;
    } else {
      while (nodes_[*link].key.before(node.key)) link = &nodes_[*link].next;
    }
    break;
  }
  node.next = std::exchange(*link, place);
}

/// The first item has gone.
void EventQueue::find_next() {
  for (;;) {
    std::size_t at = tick_ & (kBuckets - 1);
    first_ = fine_[at];
    if (first_ == kEnd) {
      clear(fine_occupied_, at);
      std::size_t word = at >> 6U;
      std::uint64_t bits = fine_occupied_[word];
      while (bits == 0) {
        if (++word == fine_occupied_.size()) {
          if (!turn()) {
            next_ = Key{};
            return;
          }
          word = 0;
        }
        bits = fine_occupied_[word];
      }
      at = word << 6U | static_cast<std::size_t>(std::countr_zero(bits));
      tick_ = block_ << kWheelBits | at;
      first_ = fine_[at];
    }
    const Node& node = nodes_[first_];
    if (node.what != kCancelled) {
      next_ = node.key;
      return;
    }
    drop_first();
  }
}

}  // namespace xive::ppc::host
