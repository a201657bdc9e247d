// SPDX-License-Identifier: Apache-2.0
/// The firmware's view of a simulated machine.
#pragma once

#include "firmware_tests/opal/config.h"
#include "sc_models/machine/machine.h"

namespace xive::opal {

/// Chips, threads and, 768 MiB into the memory of each chip, 64 MiB for the firmware.
inline Config config_for(const machine::Machine& machine) {
  Config config;
  config.chips.clear();
  const std::uint64_t per_chip = machine.config().memory_bytes / machine.chips();
  const unsigned threads = machine.threads() / machine.chips();
  for (unsigned n = 0; n < machine.chips(); ++n) {
    ChipConfig chip;
    chip.chip_id = machine.chip_id(n);
    chip.memory = n * per_chip + per_chip / 4 * 3;
    for (unsigned t = 0; t < threads; ++t) chip.pirs.push_back(machine.pir(n * threads + t));
    config.chips.push_back(chip);
  }
  config.fused_cores = machine.config().threads > 4;
  return config;
}

}  // namespace xive::opal
