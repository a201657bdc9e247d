// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/decode.h"

#include <array>

namespace xive::tima {
namespace {

constexpr std::uint8_t kG1 = 1, kG2 = 2, kBoth = 3;
constexpr bool kLd = false, kSt = true;
constexpr std::uint8_t k1 = 0, k2 = 1, k4 = 2, k8 = 3;  // access sizes
constexpr auto kYy = Defined::Always, kYn = Defined::HwOwned, kNy = Defined::SwOwned;
constexpr bool Knobs::*kAlways = nullptr;

constexpr auto kOps = std::to_array<OpRow>({
    // 2.1 Low half
    {0x011, kSt, k1, Page::Os, kYy, kBoth, Op::SetOsCppr, kAlways, "set OS CPPR"},
    {0x031, kSt, k1, Page::Hv, kYy, kBoth, Op::SetHvCppr, kAlways, "set HV CPPR"},
    {0x018, kSt, k4, Page::Hv, kYy, kBoth, Op::PushOs, kAlways, "push OS context"},
    {0x018, kSt, k8, Page::Hv, kYy, kG2, Op::PushOs, kAlways, "push OS context"},
    {0x028, kSt, k4, Page::Hv, kYy, kG2, Op::PushPool, kAlways, "push POOL context"},
    {0x028, kSt, k8, Page::Hv, kYy, kG2, Op::PushPool, kAlways, "push POOL context"},
    {0x038, kSt, k1, Page::Hv, kNy, kG1, Op::SetVt, kAlways, "set VT"},
    {0x038, kSt, k1, Page::Hv, kNy, kG2, Op::PushPhys, kAlways, "push PHYS context"},
    {0x038, kLd, k1, Page::Hv, kYy, kBoth, Op::PollVt, kAlways, "poll VT"},
    {0x015, kSt, k1, Page::Os, kYy, kG2, Op::SetOsLgs, kAlways, "set OS LGS"},
    {0x025, kSt, k1, Page::Hv, kYy, kG2, Op::SetPoolLgs, kAlways, "set POOL LGS"},
    {0x036, kSt, k1, Page::Hv, kYy, kG2, Op::SetPhysTarget, kAlways, "set PHYS TARGET"},
    {0x011, kLd, k1, Page::Os, kYy, kBoth, Op::LoadOsCppr, &Knobs::cppr_load, "load OS CPPR"},
    {0x031, kLd, k1, Page::Hv, kYy, kBoth, Op::LoadHvCppr, &Knobs::cppr_load, "load HV CPPR"},
    // 2.2 Special half
    {0x810, kLd, k2, Page::Os, kYn, kBoth, Op::AckOs, kAlways, "TM_SPC_ACK_OS_REG"},
    {0x830, kLd, k2, Page::Hv, kYn, kBoth, Op::AckHv, kAlways, "TM_SPC_ACK_HV_REG"},
    {0x812, kSt, k1, Page::Os, kYn, kBoth, Op::SetOsPending, kAlways, "TM_SPC_SET_OS_PENDING"},
    {0x818, kLd, k4, Page::Hv, kYn, kBoth, Op::PullOs, kAlways, "TM_SPC_PULL_OS_CTX"},
    {0x818, kLd, k8, Page::Hv, kYn, kBoth, Op::PullOs, kAlways, "TM_SPC_PULL_OS_CTX"},
    {0x810, kLd, k4, Page::Hv, kYn, kG2, Op::PullOs, kAlways, "TM_SPC_PULL_OS_CTX_G2"},
    {0x828, kLd, k4, Page::Hv, kYn, kBoth, Op::PullPool, kAlways, "TM_SPC_PULL_POOL_CTX"},
    {0x828, kLd, k8, Page::Hv, kYn, kBoth, Op::PullPool, kAlways, "TM_SPC_PULL_POOL_CTX"},
    {0x820, kLd, k4, Page::Hv, kYn, kG2, Op::PullPool, kAlways, "TM_SPC_PULL_POOL_CTX_G2"},
    {0x838, kLd, k1, Page::Hv, kYn, kBoth, Op::PullPhys, kAlways, "TM_SPC_PULL_PHYS_CTX"},
    {0x830, kLd, k4, Page::Hv, kYn, kG2, Op::PullPhys, kAlways, "TM_SPC_PULL_PHYS_CTX_G2"},
    {0xc10, kSt, k1, Page::Os, kYn, kG2, Op::AckOsEvenLine, kAlways, "TM_SPC_ACK_OS_EL"},
    {0xc18, kSt, k1, Page::Hv, kYn, kG2, Op::PullOsOddLine, kAlways, "TM_SPC_PULL_OS_CTX_OL"},
    {0xc38, kSt, k1, Page::Hv, kYn, kG2, Op::PullPhysOddLine, kAlways, "TM_SPC_PULL_PHYS_CTX_OL"},
    // 2.4 Architected names; the executable subset of K_USER_RING
    {0x000, kLd, k1, Page::User, kYy, kBoth, Op::LoadUserNsr, &Knobs::user_ring, "load USER NSR"},
    {0x000, kSt, k1, Page::User, kYy, kBoth, Op::StoreUserNsr, &Knobs::user_ring, "store USER NSR"},
    {0x800, kLd, k1, Page::User, kYy, kBoth, Op::AckEbb, &Knobs::user_ring, "TM_SPC_ACK_EBB"},
    {0x808, kSt, k4, Page::Os, kYy, kBoth, Op::PushUser, &Knobs::user_ring, "TM_SPC_PUSH_USR_CTX"},
    {0x808, kLd, k4, Page::Os, kYy, kBoth, Op::PullUser, &Knobs::user_ring, "TM_SPC_PULL_USR_CTX"},
});

/// The key has 8 significant bits; with direction and size that is a table of 2048 places.
constexpr unsigned slot(std::uint16_t key, bool write, unsigned size_log2) {
  return (((key >> 10U & 3U) << 6U | (key & 0x3fU)) << 3U) | (write ? 4U : 0U) | size_log2;
}

constexpr std::uint8_t kNoRow = 0xff;
using Lookup = std::array<std::uint8_t, 2048>;

constexpr Lookup make_lookup(std::uint8_t generation) {
  Lookup lookup{};
  lookup.fill(kNoRow);
  for (std::size_t row = 0; row < kOps.size(); ++row) {
    if ((kOps[row].generations & generation) != 0) {
      lookup[slot(kOps[row].key, kOps[row].write, kOps[row].size_log2)] =
          static_cast<std::uint8_t>(row);
    }
  }
  return lookup;
}

constexpr std::array<Lookup, 2> kLookup{make_lookup(kG1), make_lookup(kG2)};

}  // namespace

std::span<const OpRow> op_table() {
  return kOps;
}

Decoded decode(unsigned generation, const Knobs& knobs, const MmioRequest& request) {
  const std::uint16_t key = request.offset & kOpKeyMask;
  const std::uint8_t row =
      kLookup[generation == 1 ? 0 : 1][slot(key, request.write, request.size_log2 & 3U)];
  if (row != kNoRow) {
    const OpRow& found = kOps[row];
    if (found.page >= request.page && (found.knob == nullptr || knobs.*found.knob)) {
      return {found.op, found.defined};
    }
  }
  if ((key & kSpecialHalf) != 0) return {Op::None};
  if ((key & kLow400) != 0 && !knobs.low400_alias) return {Op::None};
  return {Op::Raw};
}

}  // namespace xive::tima
