// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace xive::tima {

/// First-in first-out queue in one block of memory: allocates only when it outgrows it. std::deque
/// would allocate and free all the time as elements pass through.
template <typename T>
class Fifo {
 public:
  Fifo() : slots_(mask_ + 1) {}

  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  T& front() { return slots_[head_]; }
  const T& front() const { return slots_[head_]; }

  void push(const T& value) { slot() = value; }
  void push(T&& value) { slot() = std::move(value); }
  void pop() {
    // A queue that runs empty begins anew in the memory that is in the caches.
    head_ = --count_ == 0 ? 0 : (head_ + 1) & mask_;
  }
  void clear() { head_ = count_ = 0; }

 private:
  T& slot() {
    if (count_ > mask_) grow();
    return slots_[(head_ + count_++) & mask_];
  }
  void grow() {
    std::vector<T> larger(slots_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) larger[i] = std::move(slots_[(head_ + i) & mask_]);
    slots_.swap(larger);
    mask_ = slots_.size() - 1;
    head_ = 0;
  }

  std::size_t mask_ = 15;  // the size is a power of two, and not to be divided for
  std::vector<T> slots_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
};

}  // namespace xive::tima
