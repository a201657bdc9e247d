// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sc_models/ppc/registers.h"

namespace xive::ppc {

/// The registers of one thread that a reset defines. Time base and decrementers are not here: they
/// move by themselves and survive resets of a partition's CPU.
struct ArchState {
  // What every interrupt looks at comes first, so that it lies together.
  std::uint64_t nip = 0;
  std::uint64_t msr = msr::kSf | msr::kHv;
  std::uint64_t lpcr = 0;
  std::uint64_t hmer = 0;
  std::uint64_t srr0 = 0, srr1 = 0, hsrr0 = 0, hsrr1 = 0;
  std::uint64_t psscr = 0;
  std::uint64_t hmeer = 0;
  std::uint64_t dar = 0, dsisr = 0;
  std::array<std::uint64_t, 4> sprg{};
  std::array<std::uint64_t, 2> hsprg{};
  std::uint64_t hfscr = 0;
  std::uint64_t lr = 0, ctr = 0, xer = 0;
  std::uint32_t cr = 0;
  std::array<std::uint64_t, 32> gpr{};

  friend bool operator==(const ArchState&, const ArchState&) = default;
};

}  // namespace xive::ppc
