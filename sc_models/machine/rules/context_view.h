// SPDX-License-Identifier: Apache-2.0
/// What the committed events of a TIMA mean for somebody who follows virtual processors. Written
/// from spec/tima.md 2 and 3, for generation 1.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "sc_models/tima/event.h"

namespace xive::machine {

struct VpId {
  unsigned blk = 0;
  std::uint32_t idx = 0;
};

/// VP of the CAM line of a ring with its V bit set (OS, POOL).
inline std::optional<VpId> cam_vp(const tima::ThreadState& state, tima::Ring ring) {
  if (!state.valid(ring)) return std::nullopt;
  const std::uint32_t word = state.word2(ring);
  return VpId{word >> 19U & 0xfU, word & 0x7ffffU};
}
inline std::optional<VpId> os_vp(const tima::ThreadState& state) {
  return cam_vp(state, tima::Ring::Os);
}

struct Accepted {
  tima::Ring ring = tima::Ring::Os;        ///< Os, or Phys for both hypervisor rings
  tima::Ring presenting = tima::Ring::Os;  ///< ring whose IPB bit it was
  unsigned prio = 0;
};

/// An access is an acknowledge: a load of 2 bytes at 0x810 (OS) or 0x830 (PHYS); it was in vain if
/// there was nothing to accept.
inline std::optional<tima::Ring> acknowledge_ring(const tima::Event& event) {
  if (event.kind != tima::EventKind::Mmio || event.mmio.write || event.mmio.size_log2 != 1 ||
      event.mmio_response.err || (event.mmio.offset & 0x800U) == 0) {
    return std::nullopt;
  }
  const unsigned key = event.mmio.offset & 0x3fU;
  if (key == 0x10) return tima::Ring::Os;
  if (key == 0x30) return tima::Ring::Phys;
  return std::nullopt;
}

/// The acknowledge accepted an exception.
inline std::optional<Accepted> accepted(const tima::Event& event) {
  const auto ring = acknowledge_ring(event);
  if (!ring) return std::nullopt;
  const std::uint8_t nsr = event.before.at(*ring, tima::reg::kNsr);
  const unsigned mask = *ring == tima::Ring::Os ? 0x80U : 0xc0U;
  if ((nsr & mask) == 0) return std::nullopt;
  tima::Ring presenting = *ring;
  if (*ring == tima::Ring::Phys && (nsr & 0xc0U) == 0x40U) presenting = tima::Ring::Pool;
  return Accepted{*ring, presenting, event.after.at(*ring, tima::reg::kCppr)};
}

/// A load that met no exception and left every register as it was, such as a poll in vain.
inline bool vain(const tima::Event& event) {
  using tima::Ring;
  const unsigned nsr = unsigned{event.after.at(Ring::Os, tima::reg::kNsr)} |
                       event.after.at(Ring::Phys, tima::reg::kNsr);
  return event.kind == tima::EventKind::Mmio && !event.mmio.write &&
         event.code == tima::ErrorCode::None && (nsr & 0xc0U) == 0 &&
         event.before.r == event.after.r;
}

/// PIPR of an IPB (tima.md 3.1).
inline unsigned pipr_of(std::uint8_t ipb) {
  return ipb == 0 ? 0xffU : static_cast<unsigned>(std::countl_zero(ipb));
}

}  // namespace xive::machine
