// SPDX-License-Identifier: Apache-2.0
/// Random code on random threads: nothing that software does may hurt the simulator. Worth the most
/// under AddressSanitizer and UndefinedBehaviorSanitizer.
#pragma once

#include <cstdint>

namespace xive::ppc::iss::fuzz {

struct Summary {
  std::uint64_t rounds = 0;
  std::uint64_t instructions = 0;
  std::uint64_t interrupts = 0;
  std::uint64_t device_accesses = 0;
  std::uint64_t digest = 0;  ///< over all registers after each round
};

/// At least `instructions` instructions of the series `seed`.
Summary run(std::uint64_t seed, std::uint64_t instructions);

}  // namespace xive::ppc::iss::fuzz
