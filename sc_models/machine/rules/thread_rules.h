// SPDX-License-Identifier: Apache-2.0
/// The checks of hardware threads (scenarios.md 0.1, sc_models/ppc/rules) on a machine: quiesced
/// state, request, reset state, device accesses done once, spurious interrupts, masked CPPR.
#pragma once

#include <cstdint>

#include "sc_models/machine/machine.h"
#include "sc_models/ppc/rules/chk_cppr.h"
#include "sc_models/ppc/rules/chk_once.h"
#include "sc_models/ppc/rules/chk_quiesce.h"
#include "sc_models/ppc/rules/chk_rst.h"
#include "sc_models/ppc/rules/chk_spur.h"

namespace xive::machine {

class ThreadRules final : private MachineObserver, private ic::Observer {
 public:
  struct Options {
    std::uint64_t tima_base = 0x0006030203180000;  ///< TM window (xive-chip.md 2.2)
    /// CHK-CPPR: how long a thread outside of handlers may keep its CPPR masked.
    Time cppr_bound = 10 * platform::kMillisecond;
  };
  /// Observes `machine` and reports to `book`; neither is owned. Made before the machine runs.
  ThreadRules(Machine& machine, RuleBook& book, const Options& options);
  ThreadRules(Machine& machine, RuleBook& book) : ThreadRules(machine, book, Options{}) {}

  /// At the end of a run.
  void finish();

 private:
  void on_access(const platform::Request& request, const platform::Response&) override {
    if (request.address >= Machine::kChipRegion) once_.performed(request);
  }
  void on_tima(unsigned core, const tima::Event& event, platform::Time time) override;
  void on_present(const ic::PresentEvent& event) override;

  Machine& machine_;
  ppc::ChkSpur spur_;
  ppc::ChkQuiesce quiesce_;
  ppc::ChkRequest request_;
  ppc::ChkRst reset_;
  ppc::ChkOnce once_;
  ppc::ChkCppr cppr_;
};

}  // namespace xive::machine
