// SPDX-License-Identifier: Apache-2.0
/// How fast both machines are with the payload's loops, measured pairwise: each loop runs with a
/// small and a large number of repetitions, and the difference of the wall times is that of the
/// repetitions. Boot and start of the process fall out.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tb/crosscheck/crosscheck.h"

namespace xive::crosscheck {

struct Speed {
  std::string suite;
  std::string unit;                      ///< what is counted, e.g. "instructions"
  std::optional<double> qemu, platform;  ///< of the unit, per second
  /// Wall time of a run with few repetitions: start, firmware and payload.
  double qemu_boot = 0, platform_boot = 0;
};

/// `repeat` runs of each kind, of which the shortest counts. Throws ProcessError when a run has no
/// verdict.
std::vector<Speed> measure_speed(const Options& options, const std::string& machine,
                                 unsigned repeat, const Runner& qemu, const Runner* platform);

std::string to_text(const std::vector<Speed>& speeds);
nlohmann::json to_json(const std::vector<Speed>& speeds);

}  // namespace xive::crosscheck
