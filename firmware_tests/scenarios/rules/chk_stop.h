// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/ppc/hardware_thread.h"

namespace xive::scenarios {

/// CHK-QUIESCE, seen from those who stop and start threads: a stopped thread stays stopped until
/// one of them ends that. Beside the rule of the same name, which believes the flag itself.
class ChkStop final : public ppc::ThreadObserver {
 public:
  explicit ChkStop(const machine::RuleContext& context)
      : check_(context, {"CHK-QUIESCE", "only start-cpu, start, sreset and clear-maint end a stop",
                         "scenarios.md 0.1, 5.6"}) {}

  void stopped(const ppc::HardwareThread& thread) { stopped_[thread.config().pir] = true; }
  void started(const ppc::HardwareThread& thread) { stopped_[thread.config().pir] = false; }

  void on_run_state(const ppc::HardwareThread& thread) override { judge(thread, "left its stop"); }
  void on_retire(const ppc::HardwareThread& thread, std::uint64_t) override {
    judge(thread, "retires");
  }

 private:
  void judge(const ppc::HardwareThread& thread, std::string_view what) {
    const auto at = stopped_.find(thread.config().pir);
    if (at == stopped_.end() || !at->second) return;
    check_.expect(thread.quiesced(), [&] {
      return fmt::format("thread {:#x} {}, and nobody has started it", thread.config().pir, what);
    });
  }
  machine::Check check_;
  std::map<std::uint32_t, bool> stopped_;
};

}  // namespace xive::scenarios
