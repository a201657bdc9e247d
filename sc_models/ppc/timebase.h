// SPDX-License-Identifier: Apache-2.0
/// Time base and decrementers as functions of simulated time: nothing ticks.
#pragma once

#include <cstdint>

#include "sc_models/platform/time.h"

namespace xive::ppc {

using platform::Time;

/// The time base: ticks of a fixed frequency plus a software-set offset.
class TimeBase {
 public:
  static constexpr std::uint64_t kDefaultHz = 512'000'000;

  explicit TimeBase(std::uint64_t hz = kDefaultHz) : hz_(hz) {}
  std::uint64_t hz() const { return hz_; }
  /// TB at `now` (picoseconds), modulo 2^64.
  std::uint64_t at(Time now) const { return ticks(now) + offset_; }
  void set(Time now, std::uint64_t value) { offset_ = value - ticks(now); }
  std::uint64_t offset() const { return offset_; }
  void set_offset(std::uint64_t offset) { offset_ = offset; }
  /// First picosecond at which at(t) - at(now) >= `delta` ticks; kNever when out of range.
  Time after(Time now, std::uint64_t delta) const;

 private:
  std::uint64_t ticks(Time now) const;
  std::uint64_t hz_;
  std::uint64_t offset_ = 0;
};

/// A down counter of 32 or 56 bits; its exception condition is its sign bit.
class Decrementer {
 public:
  static constexpr unsigned kSmallBits = 32;
  static constexpr unsigned kLargeBits = 56;

  /// At time base 0 the counter is at its largest positive value: of 56 bits, or of 32 bits, which
  /// is positive in both widths.
  explicit Decrementer(bool large = false) : base_(largest(large ? kLargeBits : kSmallBits)) {}

  /// Value that mfspr returns: sign-extended in large mode, else 32 bits zero-extended.
  std::uint64_t read(std::uint64_t timebase, bool large) const;
  /// mtspr: the low 56 (large) or 32 bits count.
  void write(std::uint64_t timebase, std::uint64_t value, bool large);
  bool negative(std::uint64_t timebase, bool large) const;
  /// Ticks until negative() changes.
  std::uint64_t ticks_to_change(std::uint64_t timebase, bool large) const;

 private:
  static constexpr std::uint64_t largest(unsigned bits) {
    return (std::uint64_t{1} << (bits - 1)) - 1;
  }
  std::uint64_t base_;  ///< counter value = base_ - timebase, modulo 2^64
};

}  // namespace xive::ppc
