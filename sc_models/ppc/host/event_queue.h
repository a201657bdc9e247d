// SPDX-License-Identifier: Apache-2.0
/// The future of a simulation: things to do, by time and then by an order that the user counts up.
/// A calendar of two wheels: what comes soon lies in narrow buckets, what comes later in wide ones
/// that are spread out when their time comes. An operation costs the same however many wait, as
/// long as few of them come within the same nanosecond.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sc_models/platform/time.h"

namespace xive::ppc::host {

using platform::Time;

class EventQueue {
 public:
  /// One thing to do. `agent` and `ticket` belong to the user; `action` may be empty.
  struct alignas(64) Item {
    Time time = 0;
    std::uint64_t order = 0;
    Item* next = nullptr;
    std::uint32_t agent = 0;
    std::uint32_t ticket = 0;
    std::function<void()> action;
  };

  EventQueue() : soon_{{platform::kNever, ~std::uint64_t{0}, nullptr}} {}
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push(Time time, std::uint64_t order, std::uint32_t agent, std::uint32_t ticket) {
    Item* item = take();
    item->time = time;
    item->order = order;
    item->agent = agent;
    item->ticket = ticket;
    insert(item);
  }
  void push(Time time, std::uint64_t order, std::function<void()> action) {
    Item* item = take();
    item->time = time;
    item->order = order;
    item->action = std::move(action);
    insert(item);
  }

  /// Time of the first item; kNever when there is none.
  Time next_time() const { return soon_.back().time; }
  /// The first item of this queue comes before that of `other`; an empty queue is never before.
  bool before(const EventQueue& other) const { return soon_.back().before(other.soon_.back()); }
  /// The first item comes before (time, order).
  bool before(Time time, std::uint64_t order) const {
    return soon_.back().before({time, order, nullptr});
  }
  /// The first item; null when there is none.
  const Item* peek() const { return soon_.back().item; }
  /// Takes the first item out. It lives until give_back(). Not when empty().
  Item* pop();
  void give_back(Item* item) {
    item->next = free_;
    free_ = item;
  }

 private:
  static constexpr unsigned kFineShift = 10;  ///< 1 ns, log2 of picoseconds
  static constexpr unsigned kWheelBits = 10;
  static constexpr std::size_t kBuckets = std::size_t{1} << kWheelBits;

  /// A wheel of buckets, each an unsorted list, and which of them are occupied.
  class Wheel {
   public:
    void add(std::uint64_t tick, Item* item) {
      const std::size_t at = tick & (kBuckets - 1);
      item->next = heads_[at];
      heads_[at] = item;
      words_[at >> 6U] |= std::uint64_t{1} << (at & 63U);
      summary_ |= 1U << (at >> 6U);
    }
    bool empty() const { return summary_ == 0; }
    /// First occupied bucket at or after `tick`. Not when empty().
    std::uint64_t first(std::uint64_t tick) const;
    Item* take(std::uint64_t tick);

   private:
    std::array<Item*, kBuckets> heads_{};
    std::array<std::uint64_t, kBuckets / 64> words_{};
    std::uint32_t summary_ = 0;
  };

  struct Key {
    Time time;
    std::uint64_t order;
    Item* item;
    bool before(const Key& other) const {
      return time != other.time ? time < other.time : order < other.order;
    }
  };

  Item* take() {
    if (free_ == nullptr) grow();
    Item* item = free_;
    free_ = item->next;
    return item;
  }
  void grow();
  void insert(Item* item);
  void sort_in(Item* item);
  void refill();
  void turn();

  /// Everything up to tick_, the earliest at the end; in front of all a key that is never reached.
  std::vector<Key> soon_;
  std::uint64_t tick_ = 0;   ///< bucket of the fine wheel that was taken last
  std::uint64_t block_ = 0;  ///< part of time that the fine wheel covers
  Wheel fine_, coarse_;
  std::multimap<std::uint64_t, Item*> far_;  ///< by block, beyond the coarse wheel
  std::size_t size_ = 0;
  Item* free_ = nullptr;
  std::vector<std::unique_ptr<Item[]>> chunks_;
};

}  // namespace xive::ppc::host
