// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/timebase.h"

namespace xive::ppc {
namespace {

using platform::kNever;
using platform::kSecond;

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t low_bits(unsigned width) {
  return (std::uint64_t{1} << width) - 1;
}
constexpr std::uint64_t sign_bit(unsigned width) {
  return std::uint64_t{1} << (width - 1);
}
constexpr unsigned width_of(bool large) {
  return large ? Decrementer::kLargeBits : Decrementer::kSmallBits;
}
constexpr std::uint64_t sign_extend(std::uint64_t value, unsigned width) {
  const std::uint64_t v = value & low_bits(width);
  return (v ^ sign_bit(width)) - sign_bit(width);
}

}  // namespace

std::uint64_t TimeBase::ticks(Time now) const {
  // The usual frequency without a division of 128 bits, which polling loops would notice: 8 ticks
  // in 15,625 ps.
  static_assert(kDefaultHz * 15'625 == 8 * kSecond);
  if (hz_ == kDefaultHz && now < kNever / 8) return now * 8 / 15'625;
  return static_cast<std::uint64_t>(Wide{now} * hz_ / kSecond);
}

Time TimeBase::after(Time now, std::uint64_t delta) const {
  const Wide target = Wide{ticks(now)} + delta;
  const Wide time = (target * kSecond + hz_ - 1) / hz_;
  return time >= kNever ? kNever : static_cast<Time>(time);
}

std::uint64_t Decrementer::read(std::uint64_t timebase, bool large) const {
  const std::uint64_t value = base_ - timebase;
  return large ? sign_extend(value, kLargeBits) : value & low_bits(kSmallBits);
}

void Decrementer::write(std::uint64_t timebase, std::uint64_t value, bool large) {
  base_ = sign_extend(value, width_of(large)) + timebase;
}

bool Decrementer::negative(std::uint64_t timebase, bool large) const {
  return ((base_ - timebase) & sign_bit(width_of(large))) != 0;
}

std::uint64_t Decrementer::ticks_to_change(std::uint64_t timebase, bool large) const {
  // Counting down, the sign changes one tick after the low bits have reached 0.
  return ((base_ - timebase) & low_bits(width_of(large) - 1)) + 1;
}

}  // namespace xive::ppc
