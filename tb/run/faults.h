// SPDX-License-Identifier: Apache-2.0
/// What hardware would have flagged during a run: the FIR log of each chip, and the error pulses of
/// the TIMAs, which also tell of presentations and of accesses to memory. None of it fails a run:
/// firmware may provoke a fault, and its tests do.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sc_models/machine/machine.h"

namespace xive::run {

struct Fault {
  std::string where;  ///< "chip 0"; "TIMAs" for pulses
  std::string name;   ///< as in ic::to_string(FirId) and in spec/tima.md 6.5
  std::uint64_t count = 0;
  std::string first;  ///< what the first one was about
};

std::vector<Fault> faults_of(machine::Machine& machine);
/// A line for each kind; one that says so if there is none.
std::string faults_text(const std::vector<Fault>& faults);
nlohmann::json faults_json(const std::vector<Fault>& faults);

}  // namespace xive::run
