// SPDX-License-Identifier: Apache-2.0
/// What a machine boots and executes in `xive-cosim run`. boot(), suite() and load() are called in
/// this order before simulated time begins; each gives the threads their part of the work. The run
/// ends when nothing is left to happen.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/machine/machine.h"
#include "sc_models/machine/rules/machine_rules.h"
#include "tb/run/run_options.h"

namespace xive::run {

/// One firmware call and how often it was made.
struct CallCount {
  std::string name;
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;  ///< result other than expected
};

struct FirmwareReport {
  bool finished = false;  ///< every thread came to its end
  std::vector<CallCount> calls;
  machine::LoadResult load;
  std::vector<std::string> failures;  ///< what went wrong, one line each; empty = good
};

class Firmware {
 public:
  virtual ~Firmware() = default;
  virtual std::string_view name() const = 0;
  /// Brings the interrupt controllers of `machine` (not owned) into service. Firmware may add its
  /// rules to `rules`, which outlives it; null: nothing shall be checked.
  virtual void boot(machine::Machine& machine, RuleBook* rules) = 0;
  /// Firmware tells the checks what only it knows: debug dumps, waits. Not owned.
  virtual void watch(machine::MachineRules&) {}
  /// The suite of its calls; nothing for a firmware without calls.
  virtual void suite() = 0;
  virtual void load(const machine::LoadConfig& config) = 0;
  /// After the run.
  virtual FirmwareReport report() = 0;
};

std::unique_ptr<Firmware> make_firmware(FirmwareKind kind);

}  // namespace xive::run
