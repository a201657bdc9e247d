// SPDX-License-Identifier: Apache-2.0
/// Which operation an access through the window is (spec/tima.md 0.2, 1.5, 1.6, 2), read from the
/// specification for the rules alone.
#pragma once

#include <cstdint>

#include "sc_models/tima/types.h"

namespace xive::tima::rules {

/// What an access does. None = refused.
enum class Op : std::uint8_t {
  None,
  RawLoad,
  RawStore,
  SetOsCppr,
  SetHvCppr,
  PushOs,
  SetVt,
  PollVt,
  AckOs,
  AckHv,
  SetOsPending,
  PullOs,
  PullPool,
  PullPhys,
  LoadOsCppr,   ///< K_CPPR_LOAD
  LoadHvCppr,   ///< K_CPPR_LOAD
  UserNsrLoad,  ///< K_USER_RING, as the following
  UserNsrStore,
  PushUser,
  PullUser,
  AckEbb,
};

/// Why an access is refused, in the order in which the reasons are tested.
enum class Refusal : std::uint8_t { None, Disabled, Misaligned, NoOperation, NoByte };

struct Access {
  Op op = Op::None;
  Refusal refusal = Refusal::None;
  bool special = false;     ///< address bit 11
  bool user_raw = false;    ///< raw access to the USER ring
  bool foreign = false;     ///< names an operation of a less privileged page number than its own
  bool privileged = false;  ///< performed from a page more privileged than the operation needs
  std::uint16_t key = 0;    ///< address & 0xC3F
  std::uint8_t reg = 0;     ///< address & 0x3F
  std::uint8_t bytes = 1;   ///< access size
  std::uint8_t lanes = 0;   ///< raw: bit i = byte reg+i is permitted
  Ring ring = Ring::User;
  std::uint64_t ones = 0xff;  ///< all ones of the access size
};

/// `enabled`: the enable of the thread when the access is performed.
/// Fills an Access that was not used before.
void decode(const MmioRequest& request, bool enabled, const Knobs& knobs, Access& access);
inline Access decode(const MmioRequest& request, bool enabled, const Knobs& knobs) {
  Access access;
  decode(request, enabled, knobs, access);
  return access;
}

/// For messages, e.g. "set OS CPPR".
const char* name_of(Op op);

}  // namespace xive::tima::rules
