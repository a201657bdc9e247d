// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>

#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/rules/chk_rst.h"

namespace xive::scenarios {

/// CHK-RC for the calls of a partition about its processors (scenarios.md 4.3): their results
/// against the flag of the thread; and CHK-RST: a refused call changes no register of its target.
class ChkRtas {
 public:
  static constexpr std::int64_t kStopped = 0, kStopping = 1, kNotStopped = 2;
  static constexpr std::int64_t kOk = 0, kHardware = -1, kParameter = -3;

  explicit ChkRtas(const machine::RuleContext& context)
      : result_(context, {"CHK-RC", "a call gives a result of its documented set, and the true one",
                          "scenarios.md 0.1, 4.3"}),
        registers_(context, {"CHK-RST", "a call that must be refused changes no register",
                             "scenarios.md 0.1, S3.4"}) {}

  /// query-cpu-stopped-state answered `state`; `stopping`: its stop-self is in progress.
  void query(const ppc::HardwareThread& target, bool stopping, std::int64_t state) {
    const bool good = target.quiesced() ? state == kStopped
                                        : state == kNotStopped || (stopping && state == kStopping);
    result_.expect(good, [&] {
      return fmt::format("thread {:#x} is {}{}, the call says {}", target.config().pir,
                         target.quiesced() ? "stopped" : "not stopped",
                         target.halted() && !target.quiesced() ? " but asleep" : "", state);
    });
  }
  /// start-cpu of a thread that does not exist.
  void start_unknown(std::uint32_t id, std::int64_t result) {
    result_.expect(result == kParameter,
                   [&] { return fmt::format("start-cpu of unknown {:#x} gave {}", id, result); });
  }
  /// start-cpu found the target as `before`, stopped or not.
  void start(const ppc::HardwareThread& target, bool was_stopped, const ppc::ArchState& before,
             std::int64_t result) {
    result_.expect(result == (was_stopped ? kOk : kHardware), [&] {
      return fmt::format("start-cpu of thread {:#x}, {}stopped, gave {}", target.config().pir,
                         was_stopped ? "" : "not ", result);
    });
    if (was_stopped) return;
    const std::string changed = ppc::differences(before, target.regs());
    registers_.expect(changed.empty(), [&] {
      return fmt::format("start-cpu of thread {:#x}, not stopped, changed{}", target.config().pir,
                         changed);
    });
  }

 private:
  machine::Check result_, registers_;
};

}  // namespace xive::scenarios
