// SPDX-License-Identifier: Apache-2.0
/// What a load or store to an ESB page means (xive-chip.md 5.2). Only the low 12 bits of the offset
/// count, and of the set/get offsets only (offset >> 8) & 3.
#pragma once

#include <cstdint>

#include "sc_models/xive/source/pq.h"

namespace xive::ic {

enum class EsbPageKind : std::uint8_t {
  Trigger,     ///< first page of a two-page source
  Management,  ///< EOI page, or the only page of a single-page source
  End,         ///< ESn or ESe page of an END, generation 1: loads only
};

struct EsbFeatures {
  bool store_eoi = false;
  bool inject = false;  ///< store at 0x800 forwards without PQ (generation 2)
};

struct EsbAction {
  enum class Kind : std::uint8_t { Pq, Inject, Error } kind = Kind::Error;
  PqOp op = PqOp::Get;  ///< Kind::Pq
};

constexpr EsbAction decode_esb(EsbPageKind page, bool write, std::uint64_t offset,
                               EsbFeatures features) {
  using Kind = EsbAction::Kind;
  const unsigned at = static_cast<unsigned>(offset) & 0xfffU;
  if (page == EsbPageKind::Trigger) {
    return write ? EsbAction{Kind::Pq, PqOp::Trigger} : EsbAction{};
  }
  if (write && page == EsbPageKind::End) return {};
  if (at >= 0xc00U) return {Kind::Pq, pq_set((at >> 8U) & 3U)};
  if (at >= 0x800U) {
    if (!write) return {Kind::Pq, PqOp::Get};
    return features.inject ? EsbAction{Kind::Inject, PqOp::Get} : EsbAction{};
  }
  if (!write) return {Kind::Pq, PqOp::Eoi};
  if (at < 0x400U) return {Kind::Pq, PqOp::Trigger};
  return features.store_eoi ? EsbAction{Kind::Pq, PqOp::Eoi} : EsbAction{};
}

/// Value a load returns: EOI says whether the event was forwarded again, the rest the old PQ.
constexpr std::uint64_t esb_load_value(PqOp op, Pq before, bool forwarded) {
  return op == PqOp::Eoi ? static_cast<std::uint64_t>(forwarded)
                         : static_cast<std::uint64_t>(before);
}

}  // namespace xive::ic
