// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace xive {

/// Values by number, in one block of memory: entries that come and go with each interrupt allocate
/// nothing. There is no iteration in an order that could reach a result. Pointers to values are
/// good until the next insertion or removal.
template <typename Value>
class FlatMap {
 public:
  using Key = std::uint64_t;
  static constexpr Key kNone = ~Key{0};  ///< no key of an entry

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool contains(Key key) const { return slots_[place(key)].key == key; }
  /// Null: not there.
  Value* find(Key key) {
    Slot& slot = slots_[place(key)];
    return slot.key == key ? &slot.value : nullptr;
  }
  /// Adds `value` unless the key has one; its value, and whether it was added.
  std::pair<Value*, bool> insert(Key key, Value value) {
    std::size_t at = place(key);
    if (slots_[at].key == key) return {&slots_[at].value, false};
    if (2 * ++size_ > slots_.size()) {
      grow();
      at = place(key);
    }
    slots_[at] = {key, std::move(value)};
    return {&slots_[at].value, true};
  }
  Value& operator[](Key key) {
    Value* const known = find(key);
    return known != nullptr ? *known : *insert(key, Value{}).first;
  }
  /// True if it was there.
  bool erase(Key key) {
    std::size_t hole = place(key);
    if (slots_[hole].key != key) return false;
    // Whoever was pushed on by the one that goes moves back.
    for (std::size_t at = next(hole); slots_[at].key != kNone; at = next(at)) {
      const std::size_t wanted = home(slots_[at].key);
      if (((at - wanted) & mask()) >= ((at - hole) & mask())) {
        slots_[hole] = std::move(slots_[at]);
        hole = at;
      }
    }
    slots_[hole] = {};
    --size_;
    return true;
  }
  /// Number of values for which `test` is true.
  template <typename Test>
  std::size_t count_if(Test test) const {
    std::size_t count = 0;
    for (const Slot& slot : slots_) count += slot.key != kNone && test(slot.value) ? 1U : 0U;
    return count;
  }

 private:
  struct Slot {
    Key key = kNone;
    Value value{};
  };
  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t next(std::size_t at) const { return (at + 1) & mask(); }
  std::size_t home(Key key) const {
    return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15ULL >> shift_);
  }
  /// Where the key is, or where it would be put.
  std::size_t place(Key key) const {
    std::size_t at = home(key);
    while (slots_[at].key != key && slots_[at].key != kNone) at = next(at);
    return at;
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    for (Slot& slot : old) {
      if (slot.key != kNone) slots_[place(slot.key)] = std::move(slot);
    }
  }

  static constexpr unsigned kFirstBits = 4;
  std::vector<Slot> slots_ = std::vector<Slot>(std::size_t{1} << kFirstBits);
  unsigned shift_ = 64 - kFirstBits;
  std::size_t size_ = 0;
};

}  // namespace xive
