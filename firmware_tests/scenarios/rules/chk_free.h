// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>

#include "firmware_tests/driver/host_driver.h"
#include "sc_models/machine/rules/rule_context.h"

namespace xive::scenarios {

/// CHK-FREE (scenarios.md 0.1): no entry is popped whose logical interrupt has no descriptor.
class ChkFree {
 public:
  explicit ChkFree(const machine::RuleContext& context)
      : check_(context, {"CHK-FREE",
                         "an interrupt has a descriptor as long as an entry of it may be in a "
                         "queue",
                         "scenarios.md 0.1, S5.5"}) {}

  /// Every entry that `host` pops. It takes over HostDriver::on_orphan and on_entry.
  void watch(driver::HostDriver& host) {
    host.on_entry = [this](driver::Cpu&, std::uint32_t) { check_.hit(); };
    host.on_orphan = [this](driver::Cpu& cpu, std::uint32_t lirq) {
      check_.fire(fmt::format("thread {:#x} popped interrupt {:#x}, which has no descriptor",
                              cpu.pir(), lirq));
    };
  }

 private:
  machine::Check check_;
};

}  // namespace xive::scenarios
