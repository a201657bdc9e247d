// SPDX-License-Identifier: Apache-2.0
/// The life of the requests of one port: queued, sent to the RTL, retired by XTI, answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace xive::bridge {

/// A ring that grows but never shrinks: no allocation in the steady state. Requests move through it
/// in order: answered <= retired <= sent <= pushed, except that an answer without a record (MATCH)
/// skips retirement.
template <typename T>
class FlightQueue {
 public:
  void push(const T& item) {
    if (pushed_ - answered_ > mask_) {
      grow();
    }
    items_[pushed_++ & mask_] = item;
  }
  bool empty() const { return pushed_ == answered_; }
  bool has_unsent() const { return sent_ != pushed_; }
  bool in_flight() const { return sent_ != answered_; }
  bool has_unretired() const { return retired_ != sent_; }

  T& next_to_send() { return items_[sent_ & mask_]; }
  const T& oldest() const { return items_[answered_ & mask_]; }
  const T& oldest_unretired() const { return items_[retired_ & mask_]; }

  void send() { ++sent_; }
  void retire() { ++retired_; }
  void answer() {
    if (retired_ == answered_) {
      ++retired_;
    }
    ++answered_;
  }
  /// Sequence numbers: how many were ever pushed, sent.
  std::uint64_t pushed() const { return pushed_; }
  std::uint64_t sent() const { return sent_; }
  bool oldest_is_retired() const { return retired_ != answered_; }

  /// Everything is lost, as at reset.
  void drop() { answered_ = retired_ = sent_ = pushed_; }

 private:
  void grow() {
    const std::size_t size = items_.size() * 2;
    std::vector<T> next(size);
    for (std::uint64_t i = answered_; i != pushed_; ++i) {
      next[i & (size - 1)] = items_[i & mask_];
    }
    items_.swap(next);
    mask_ = size - 1;
  }

  std::vector<T> items_ = std::vector<T>(16);
  std::uint64_t mask_ = 15;
  std::uint64_t pushed_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t retired_ = 0;
  std::uint64_t answered_ = 0;
};

}  // namespace xive::bridge
