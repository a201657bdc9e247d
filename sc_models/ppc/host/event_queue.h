// SPDX-License-Identifier: Apache-2.0
/// The future of a simulation: things to do, by time and then by an order that the user counts up.
/// A calendar of two wheels: what comes soon lies in narrow buckets, what comes later in wide ones
/// that are spread out when their time comes. An operation costs the same however many wait, as
/// long as few of them come within the same nanosecond.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "sc_models/platform/time.h"

namespace xive::ppc::host {

using platform::Time;

class EventQueue {
 public:
  /// One thing to do. `what` and `ticket` belong to the user.
  struct Item {
    Time time = 0;
    std::uint64_t order = 0;
    std::uint32_t what = 0;
    std::uint32_t ticket = 0;
    bool before(const Item& other) const {
      return time != other.time ? time < other.time : order < other.order;
    }
  };

  EventQueue() : soon_{{platform::kNever, ~std::uint64_t{0}}} {}
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push(const Item& item);

  /// Time of the first item; kNever when there is none.
  Time next_time() const { return soon_.back().time; }
  /// The first item of this queue comes before that of `other`; an empty queue is never before.
  bool before(const EventQueue& other) const { return soon_.back().before(other.soon_.back()); }
  /// The first item comes before (time, order).
  bool before(Time time, std::uint64_t order) const { return soon_.back().before({time, order}); }
  /// Takes the first item out. Not when empty().
  Item pop() {
    const Item item = soon_.back();
    soon_.pop_back();
    --size_;
    if (soon_.size() == 1 && size_ != 0) refill();
    return item;
  }

 private:
  static constexpr unsigned kFineShift = 10;  ///< 1 ns, log2 of picoseconds
  static constexpr unsigned kWheelBits = 10;
  static constexpr std::size_t kBuckets = std::size_t{1} << kWheelBits;
  static constexpr std::uint32_t kEnd = ~std::uint32_t{0};

  /// Items that wait in the wheels lie together, so that all of them stay in the caches.
  struct Node {
    Item item;
    std::uint32_t next = kEnd;
  };

  /// A wheel of buckets, each an unsorted list of nodes, and which of them are occupied.
  class Wheel {
   public:
    Wheel() { heads_.fill(kEnd); }
    void add(std::uint64_t tick, std::vector<Node>& nodes, std::uint32_t node) {
      const std::size_t at = tick & (kBuckets - 1);
      nodes[node].next = heads_[at];
      heads_[at] = node;
      words_[at >> 6U] |= std::uint64_t{1} << (at & 63U);
      summary_ |= 1U << (at >> 6U);
    }
    bool empty() const { return summary_ == 0; }
    /// First occupied bucket at or after `tick`. Not when empty().
    std::uint64_t first(std::uint64_t tick) const;
    /// Empties a bucket; its first node.
    std::uint32_t take(std::uint64_t tick);

   private:
    std::array<std::uint32_t, kBuckets> heads_;
    std::array<std::uint64_t, kBuckets / 64> words_{};
    std::uint32_t summary_ = 0;
  };

  std::uint32_t node_of(const Item& item);
  void sort_in(const Item& item);
  void refill();
  void turn();

  /// Everything up to tick_, the earliest at the end; in front of all an item that is never
  /// reached.
  std::vector<Item> soon_;
  std::uint64_t tick_ = 0;   ///< bucket of the fine wheel that was taken last
  std::uint64_t block_ = 0;  ///< part of time that the fine wheel covers
  Wheel fine_, coarse_;
  std::multimap<std::uint64_t, Item> far_;  ///< by block, beyond the coarse wheel
  std::size_t size_ = 0;
  std::vector<Node> nodes_;
  std::uint32_t free_ = kEnd;
};

}  // namespace xive::ppc::host
