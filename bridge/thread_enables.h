// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

namespace xive::bridge {

/// The order of thread-enable changes among the operations of a port.
///
/// A change is driven once the operations submitted before it were accepted; an operation submitted
/// after it may be driven one cycle later. The RTL keeps a fall in mind until it has reset the
/// thread, so a rise may follow at once; a second fall of a thread, or the fall of a thread whose
/// rise was not taken over yet, has to wait.
class ThreadEnables {
 public:
  /// `mm`, `pm`: operations that were submitted on either port so far.
  void request(std::uint8_t mask, std::uint64_t mm, std::uint64_t pm) {
    queue_.push_back({mask, mm, pm});
    last_mask_ = mask;
    ++requested_;
    settled_ = false;
  }
  /// Number of changes requested: the ticket of an operation submitted now.
  std::uint64_t requested() const { return requested_; }
  /// May an operation with this ticket be driven?
  bool open_for(std::uint64_t ticket) const { return ticket <= open_; }
  /// Every change was driven and taken over.
  bool settled() const { return settled_; }

  /// Once per cycle while not settled. `enabled`: the enables as the RTL took them over. Returns
  /// true if `pin` was driven in this cycle.
  template <typename Pin>
  bool drive(std::uint64_t mm_sent, std::uint64_t pm_sent, unsigned enabled, Pin& pin) {
    open_ = driven_;
    if (queue_.empty()) {
      settled_ = enabled == mask_ && falls_ == 0;
      return false;
    }
    const Change& next = queue_.front();
    const unsigned falling = mask_ & ~unsigned{next.mask};
    if (mm_sent < next.mm || pm_sent < next.pm || (falling & (~enabled | falls_)) != 0) {
      return false;
    }
    falls_ |= falling;
    mask_ = next.mask;
    pin = static_cast<Pin>(mask_);
    ++driven_;
    queue_.pop_front();
    return true;
  }
  /// A change that was driven is not taken over yet.
  bool outstanding(unsigned enabled) const { return enabled != mask_ || falls_ != 0; }
  /// The RTL took over a change of this thread.
  void taken(unsigned thread) { falls_ &= ~(1U << thread); }

  /// Block reset: the last mask asked for stays; returns it. It is driven during reset.
  std::uint8_t reset() {
    queue_.clear();
    falls_ = 0;
    mask_ = last_mask_;
    driven_ = ++requested_;
    open_ = driven_ - 1;
    settled_ = false;
    return last_mask_;
  }

 private:
  struct Change {
    std::uint8_t mask;
    std::uint64_t mm, pm;
  };
  std::deque<Change> queue_;
  unsigned mask_ = 0;   ///< on the pins
  unsigned falls_ = 0;  ///< falls that were driven and are not taken over
  std::uint8_t last_mask_ = 0;
  bool settled_ = true;
  std::uint64_t requested_ = 0;
  std::uint64_t driven_ = 0;
  std::uint64_t open_ = 0;
};

}  // namespace xive::bridge
