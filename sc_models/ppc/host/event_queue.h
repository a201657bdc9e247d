// SPDX-License-Identifier: Apache-2.0
/// The future of a simulation: things to do, by time and then by an order that the user counts up.
/// A calendar of two wheels: what comes soon lies in narrow buckets, each a list in order, what
/// comes later in wide ones that are spread out when their time comes. An operation costs the same
/// however many wait, even at the same time, as long as there are few different times within the
/// same nanosecond.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sc_models/platform/time.h"

namespace xive::ppc::host {

using platform::Time;

class EventQueue {
 public:
  /// When something is due: before or after anything else, never together with it.
  struct Key {
    Time time = platform::kNever;
    std::uint64_t order = ~std::uint64_t{0};
    bool before(const Key& other) const { return wide() < other.wide(); }

   private:
    __extension__ using Wide = unsigned __int128;
    /// Compared as one number: which of the two decides would be unpredictable.
    Wide wide() const { return Wide{time} << 64U | order; }
  };
  /// Where an item waits until it is taken out.
  using Place = std::uint32_t;

  EventQueue() { fine_.fill(kEnd), coarse_.fill(kEnd); }
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  bool empty() const { return first_ == kEnd; }
  /// When the first item is due; later than anything else when there is none.
  const Key& next() const { return next_; }

  /// `what` belongs to the user, except kCancelled.
  Place push(Key key, std::uint32_t what) {
    const Place place = free_ != kEnd ? free_ : grow();
    Node& node = nodes_[place];
    free_ = node.next;
    node.key = key;
    node.what = what;
    // What is earlier than the first bucket goes there, too.
    const std::uint64_t tick = std::max(key.time >> kFineShift, tick_);
    if (tick >> kWheelBits != block_) {
      push_late(place);
    } else {
      sort_in(tick, node, place);
      if (key.before(next_)) {
        next_ = key;
        first_ = place;
        tick_ = tick;
      }
    }
    return place;
  }
  /// Takes the first item out: what it is. Not when empty().
  std::uint32_t pop() {
    const std::uint32_t what = nodes_[first_].what;
    drop_first();
    find_next();
    return what;
  }
  /// An item that waits does not happen.
  void cancel(Place place) {
    if (place == first_) {
      pop();
    } else {
      nodes_[place].what = kCancelled;  // dropped when its time comes
    }
  }

  static constexpr std::uint32_t kCancelled = ~std::uint32_t{0};

 private:
  static constexpr unsigned kFineShift = 10;  ///< 1 ns, log2 of picoseconds
  static constexpr unsigned kWheelBits = 10;
  static constexpr std::size_t kBuckets = std::size_t{1} << kWheelBits;
  static constexpr Place kEnd = ~Place{0};

  struct alignas(32) Node {  // never in two cache lines
    Key key;
    std::uint32_t what = 0;
    Place next = kEnd;
    Place last = kEnd;  ///< of the first one of a time: the last one of that time in the bucket
  };
  using Wheel = std::array<Place, kBuckets>;                  ///< the first node of each bucket
  using Occupied = std::array<std::uint64_t, kBuckets / 64>;  ///< a bit for each bucket
  static void set(Occupied& occupied, std::size_t at) {
    occupied[at >> 6U] |= std::uint64_t{1} << (at & 63U);
  }
  static void clear(Occupied& occupied, std::size_t at) {
    occupied[at >> 6U] &= ~(std::uint64_t{1} << (at & 63U));
  }

  Place grow();
  void push_late(Place place);
  void add_late(Place place);
  std::uint64_t next_block() const;
  void sort_in(std::uint64_t tick, Node& node, Place place) {
    const std::size_t at = tick & (kBuckets - 1);
    set(fine_occupied_, at);
    node.last = place;
    const Place first = fine_[at];
    if (first != kEnd) {
      const Node& head = nodes_[first];
      if (!node.key.before(head.key)) return sort_among(at, node, place);
      if (node.key.time == head.key.time) node.last = head.last;
    }
    node.next = first;
    fine_[at] = place;
  }
  void sort_among(std::size_t at, Node& node, Place place);
  void drop_first() {
    const Node& node = nodes_[first_];
    const Place next = std::exchange(nodes_[first_].next, free_);
    if (node.last != first_) nodes_[next].last = node.last;
    fine_[tick_ & (kBuckets - 1)] = next;
    free_ = first_;
  }
  void find_next();
  bool turn();

  Key next_;            ///< of first_
  Place first_ = kEnd;  ///< head of bucket tick_
  Place free_ = kEnd;
  std::uint64_t tick_ = 0;   ///< first bucket of the fine wheel that is occupied
  std::uint64_t block_ = 0;  ///< part of time that the fine wheel covers
  std::vector<Node> nodes_;  ///< together, so that all of them stay in the caches
  Occupied fine_occupied_{};
  Wheel fine_;
  Wheel coarse_;  ///< by block, unsorted
  Occupied coarse_occupied_{};
  std::multimap<std::uint64_t, Place> far_;  ///< by block, beyond the coarse wheel
};

}  // namespace xive::ppc::host
