// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "firmware_tests/opal/rules.h"
#include "sc_models/machine/machine.h"

namespace xive::opal {

/// The rules of the firmware on a simulated machine. Made after both, before the run.
class MachineWatch final : private machine::MachineObserver {
 public:
  /// Nothing is owned; `machine`, `firmware` and `book` must outlive the run.
  MachineWatch(machine::Machine& machine, Firmware& firmware, RuleBook& book)
      : machine_(machine), rules_(book, firmware, machine.memory()) {
    machine.observe(*this);
    firmware.observe(&rules_);
  }

 private:
  void on_access(const platform::Request& request, const platform::Response& response) override {
    if (!request.requester.is_thread() || machine_.memory().contains(request.address, 1)) return;
    const bool store = request.command == platform::Command::Store;
    rules_.on_access(request.requester.pir, request.address, store,
                     store ? request.data : response.data);
  }
  machine::Machine& machine_;
  FirmwareRules rules_;
};

}  // namespace xive::opal
