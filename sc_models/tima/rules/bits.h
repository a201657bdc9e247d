// SPDX-License-Identifier: Apache-2.0
/// Conversions and field tests that the rules need (spec/tima.md 0.3, 1.3, 3.1).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "sc_models/tima/types.h"

namespace xive::tima::rules {

/// Priority -> IPB bit; nothing for priorities above 7.
constexpr std::uint8_t ipb_bit(unsigned prio) {
  return prio <= 7 ? static_cast<std::uint8_t>(0x80U >> prio) : std::uint8_t{0};
}

/// Most favoured priority of an IPB, 0xFF when empty.
constexpr std::uint8_t most_favoured(std::uint8_t ipb) {
  return ipb == 0 ? std::uint8_t{0xff} : static_cast<std::uint8_t>(std::countl_zero(ipb));
}

/// What the CPPR operation makes of its data; also the PIPR of a notified priority.
constexpr std::uint8_t capped(unsigned prio) {
  return prio <= 7 ? static_cast<std::uint8_t>(prio) : std::uint8_t{0xff};
}

constexpr Ring signalling(Ring ring) {
  return ring == Ring::Pool ? Ring::Phys : ring;
}

/// HE field of a PHYS NSR.
constexpr unsigned he(std::uint8_t nsr) {
  return nsr >> 6U;
}
inline constexpr unsigned kHePool = 1;
inline constexpr unsigned kHePhys = 2;

/// Whether an NSR of ring `s` (OS or PHYS) shows an exception.
constexpr bool shows_exception(Ring s, std::uint8_t nsr) {
  return s == Ring::Os ? (nsr & 0x80U) != 0 : he(nsr) != 0;
}

/// Whether a ring and all more privileged ones are valid ("HW owned").
inline bool chain_valid(const ThreadState& state, Ring ring) {
  for (unsigned r = static_cast<unsigned>(ring); r <= 3; ++r) {
    if (!state.valid(static_cast<Ring>(r))) {
      return false;
    }
  }
  return true;
}

inline bool latch(const ThreadState& state, Ring s) {
  return s == Ring::Os ? state.l_os : state.l_hv;
}

/// A set of register bytes of one thread: bit i = R[i].
using ByteSet = std::uint64_t;

constexpr ByteSet byte_of(Ring ring, unsigned byte) {
  return ByteSet{1} << (static_cast<unsigned>(ring) * 16U + byte);
}
constexpr ByteSet bytes_of(Ring ring) {
  return ByteSet{0xffff} << (static_cast<unsigned>(ring) * 16U);
}

inline constexpr ByteSet kIpbs =
    byte_of(Ring::Os, reg::kIpb) | byte_of(Ring::Pool, reg::kIpb) | byte_of(Ring::Phys, reg::kIpb);

/// Most favoured directed interrupt that PHYS can see: its own IPB, and that of a valid POOL.
inline std::uint8_t most_favoured_phys(const ThreadState& state) {
  const std::uint8_t own = most_favoured(state.at(Ring::Phys, reg::kIpb));
  return state.valid(Ring::Pool) ? std::min(own, most_favoured(state.at(Ring::Pool, reg::kIpb)))
                                 : own;
}

/// Registers after reset (1.7), generation 1.
constexpr std::array<std::uint8_t, kThreadBytes> reset_image() {
  std::array<std::uint8_t, kThreadBytes> image{};
  image[0x13] = image[0x14] = image[0x16] = image[0x17] = image[0x37] = 0xff;
  return image;
}
inline constexpr std::array<std::uint8_t, kThreadBytes> kResetImage = reset_image();

}  // namespace xive::tima::rules
