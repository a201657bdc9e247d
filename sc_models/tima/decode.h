// SPDX-License-Identifier: Apache-2.0
/// Address decode of spec/tima.md 0.2 over the operation tables of 2.1, 2.2 and 2.4.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sc_models/tima/types.h"

namespace xive::tima {

/// What an access does. Raw and None are the outcomes of the decode that are no row of a table.
enum class Op : std::uint8_t {
  None,  ///< no operation, no raw access: error
  Raw,   ///< raw register access, spec 1.6
  SetOsCppr,
  SetHvCppr,
  PushOs,
  PushPool,  ///< generation 2
  SetVt,     ///< generation 1
  PushPhys,  ///< generation 2
  PollVt,
  SetOsLgs,       ///< generation 2
  SetPoolLgs,     ///< generation 2
  SetPhysTarget,  ///< generation 2
  LoadOsCppr,     ///< K_CPPR_LOAD
  LoadHvCppr,     ///< K_CPPR_LOAD
  AckOs,
  AckHv,
  SetOsPending,
  PullOs,
  PullPool,
  PullPhys,
  AckOsEvenLine,    ///< generation 2
  PullOsOddLine,    ///< generation 2
  PullPhysOddLine,  ///< generation 2
  LoadUserNsr,      ///< K_USER_RING
  StoreUserNsr,     ///< K_USER_RING
  AckEbb,           ///< K_USER_RING
  PushUser,         ///< K_USER_RING
  PullUser,         ///< K_USER_RING
};

/// Ownership for which an operation is defined: outside of it, it executes and reports ERR_UNDEF.
enum class Defined : std::uint8_t { Always, HwOwned, SwOwned };

/// One row of the operation tables.
struct OpRow {
  std::uint16_t key;  ///< address & 0xC3F
  bool write;
  std::uint8_t size_log2;
  Page page;  ///< least privileged page allowed
  Defined defined;
  std::uint8_t generations;  ///< bit 0 = generation 1, bit 1 = generation 2
  Op op;
  bool Knobs::*knob = nullptr;  ///< the row exists only with this knob
  std::string_view name{};
};

/// The operation tables as the specification lists them.
std::span<const OpRow> op_table();

/// Ring addressed by an offset: address & 0x30.
constexpr Ring addressed_ring(std::uint16_t offset) {
  return static_cast<Ring>(offset >> 4U & 3U);
}

inline constexpr std::uint16_t kOpKeyMask = 0xc3f;
inline constexpr std::uint16_t kSpecialHalf = 0x800;
inline constexpr std::uint16_t kLow400 = 0x400;

/// Outcome of a decode.
struct Decoded {
  Op op = Op::None;
  Defined defined = Defined::Always;
};

/// Decodes a naturally aligned access of 1, 2, 4 or 8 bytes in the order of 0.2: operation table,
/// special half, raw. `generation` is the effective one (1 when a generation 2 block runs in
/// generation 1 mode).
Decoded decode(unsigned generation, const Knobs& knobs, const MmioRequest& request);

}  // namespace xive::tima
