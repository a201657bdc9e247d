// SPDX-License-Identifier: Apache-2.0
/// Words that the steps of scenarios have in common: states of a thread, words of a ring.
#pragma once

#include <cstdint>

#include "sc_models/machine/direct_tables.h"
#include "sc_models/ppc/host/cpu.h"
#include "sc_models/ppc/registers.h"
#include "sc_models/ppc/spr.h"
#include "sc_models/tima/types.h"

namespace xive::scenarios {

using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;
using tima::Ring;

// ---- states of a thread
inline constexpr std::uint64_t kHostKernel = ppc::msr::kSf | ppc::msr::kHv | ppc::msr::kMe;
inline constexpr std::uint64_t kHostUser = kHostKernel | ppc::msr::kPr;
inline constexpr std::uint64_t kGuestKernel = ppc::msr::kSf | ppc::msr::kMe;
constexpr std::uint64_t with_ee(std::uint64_t msr) {
  return msr | ppc::msr::kEe;
}

// ---- TIMA pages of the accessing thread: 1 hypervisor, 2 OS
inline std::uint64_t hv(unsigned offset) {
  return machine::DirectTables::tima(1, offset);
}
inline std::uint64_t os(unsigned offset) {
  return machine::DirectTables::tima(2, offset);
}

/// Words 0 and 1 of a ring as software saves them.
constexpr std::uint64_t saved_words(std::uint8_t cppr, std::uint8_t ipb = 0, std::uint8_t nsr = 0) {
  return std::uint64_t{nsr} << 56U | std::uint64_t{cppr} << 48U | std::uint64_t{ipb} << 40U |
         0xff000000U;
}
constexpr std::uint8_t ipb_of(std::uint64_t words) {
  return static_cast<std::uint8_t>(words >> 40U);
}
constexpr std::uint8_t ipb_bit(unsigned prio) {
  return static_cast<std::uint8_t>(0x80U >> prio);
}
/// Most favoured priority in an IPB, 0xff if none.
constexpr unsigned most_favoured(std::uint8_t ipb) {
  for (unsigned prio = 0; prio < 8; ++prio) {
    if ((ipb & ipb_bit(prio)) != 0) return prio;
  }
  return 0xff;
}

}  // namespace xive::scenarios
