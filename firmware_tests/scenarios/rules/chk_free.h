// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>

#include "firmware_tests/driver/host_driver.h"
#include "sc_models/machine/machine.h"
#include "sc_models/machine/rules/rule_context.h"

namespace xive::scenarios {

/// CHK-FREE (scenarios.md 0.1): no entry is popped whose logical interrupt has no descriptor, and
/// no descriptor goes away while an entry of its source lies unread in a queue of the host.
class ChkFree final : public machine::MachineObserver, public ic::Observer {
 public:
  explicit ChkFree(const machine::RuleContext& context)
      : check_(context, {"CHK-FREE",
                         "an interrupt has a descriptor as long as an entry of it may be in a "
                         "queue",
                         "scenarios.md 0.1, S5.5"}) {}

  /// Everything that `host` pops and unmaps. It takes over on_orphan, on_entry and on_unmap of the
  /// driver.
  void watch(machine::Machine& machine, driver::HostDriver& host) {
    machine.observe(*this);
    machine.observe_chips(*this);
    host_ = &host;
    host.on_entry = [this](driver::Cpu&, std::uint32_t) { check_.hit(); };
    host.on_orphan = [this](driver::Cpu& cpu, std::uint32_t lirq) {
      check_.fire(fmt::format("thread {:#x} popped interrupt {:#x}, which has no descriptor",
                              cpu.pir(), lirq));
    };
    host.on_unmap = [this](const driver::Irq& irq) { unmapped(irq.lirq); };
  }

  void on_end(const ic::EndEvent& event) override {
    if (event.eq_written) unread_[event.eq_address] = event.eq_word;
  }
  void on_access(const platform::Request& request, const platform::Response& response) override {
    if (request.command != platform::Command::Load || request.size != 4 ||
        !request.requester.is_thread()) {
      return;
    }
    const auto entry = unread_.find(request.address);
    if (entry != unread_.end() && entry->second == response.data) unread_.erase(entry);
  }

 private:
  bool is_host_queue(std::uint64_t address) const {
    for (const auto& [pir, processor] : host_->processors()) {
      for (const driver::EventQueue& queue : processor.consumer.queues) {
        if (queue.exists() && address - queue.page() < std::uint64_t{1} << queue.order()) {
          return true;
        }
      }
    }
    return false;
  }
  void unmapped(std::uint32_t lirq) {
    check_.hit();
    for (const auto& [address, word] : unread_) {
      if ((word & 0x7fffffffU) != lirq || !is_host_queue(address)) continue;
      check_.fire(
          fmt::format("interrupt {:#x} is forgotten, its entry at {:#x} is unread", lirq, address));
    }
  }

  machine::Check check_;
  driver::HostDriver* host_ = nullptr;
  std::map<std::uint64_t, std::uint32_t> unread_;  ///< by address
};

}  // namespace xive::scenarios
