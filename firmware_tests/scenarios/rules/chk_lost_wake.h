// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>

#include "sc_models/machine/rules/context_view.h"
#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/xive/observer.h"

namespace xive::scenarios {

/// CHK-LOSTIPI in its form for a vCPU that sleeps (scenarios.md S1.10): memory holds a pending bit
/// for it, and its escalation is off, so nobody will ever wake it.
class ChkLostWake final : public ic::Observer {
 public:
  explicit ChkLostWake(const machine::RuleContext& context)
      : check_(context, {"CHK-LOSTIPI",
                         "nobody sleeps while something is pending for it and nothing is on its "
                         "way",
                         "scenarios.md 0.1, S1.10"}) {}

  /// The virtual processor, by the word that a push writes.
  void watch(std::uint32_t cam) { vp_ = {cam >> 19U & 0xfU, cam & 0x7ffffU}; }
  /// It has gone to sleep, or was woken.
  void set_asleep(bool asleep) { asleep_ = asleep; }
  /// Judges the present.
  void check() {
    const bool lost = asleep_ && backlog_ != 0 && escalation_ == ic::Pq::Off;
    if (asleep_ && backlog_ != 0) check_.hit();
    if (lost && !reported_) {
      check_.fire(fmt::format("VP {}/{:#x} sleeps with {:#04x} pending and its escalation off",
                              vp_.blk, vp_.idx, backlog_));
    }
    reported_ = lost;
  }

  void on_nvt(const ic::NvtEvent& event) override {
    if (event.blk != vp_.blk || event.idx != vp_.idx) return;
    backlog_ = static_cast<std::uint8_t>(event.after >> 8U);
  }
  /// With single escalation only the gathering END uses its escalation bits.
  void on_pq(const ic::PqEvent& event) override {
    if (event.place == ic::PqPlace::EndEscalate) escalation_ = event.after;
  }

 private:
  machine::Check check_;
  machine::VpId vp_{};
  std::uint8_t backlog_ = 0;
  ic::Pq escalation_ = ic::Pq::Off;
  bool asleep_ = false;
  bool reported_ = false;
};

}  // namespace xive::scenarios
