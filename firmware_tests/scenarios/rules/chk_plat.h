// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include "firmware_tests/opal/firmware.h"
#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/ppc/hardware_thread.h"

namespace xive::scenarios {

/// CHK-PLAT (scenarios.md 0.1): OPAL is called in hypervisor state, a hypercall is not made there.
/// Hears of every OPAL call; whoever takes hypercalls tells of them.
class ChkPlat final : public opal::CallObserver {
 public:
  explicit ChkPlat(const machine::RuleContext& context)
      : check_(context,
               {"CHK-PLAT", "no OPAL call comes from a partition and no hypercall from bare metal",
                "scenarios.md 0.1"}) {}

  void on_call(opal::Cpu& cpu, opal::Token token, const opal::Args&) override {
    check_.expect((cpu.thread().msr() & ppc::msr::kHv) != 0, [&] {
      return fmt::format("thread {:#x} called OPAL_{} from a partition", cpu.pir(),
                         opal::to_string(token));
    });
  }
  void on_hcall(opal::Cpu& cpu, unsigned number) {
    check_.expect((cpu.thread().msr() & ppc::msr::kHv) == 0, [&] {
      return fmt::format("thread {:#x} made hypercall {:#x} in hypervisor state", cpu.pir(),
                         number);
    });
  }

 private:
  machine::Check check_;
};

}  // namespace xive::scenarios
