// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include "sc_models/machine/rules/rule_context.h"
#include "sc_models/xive/observer.h"

namespace xive::machine {

/// CHK-PQ (scenarios.md 0.1): every step of every PQ pair, by the sentences of xive-chip.md 5.1.
class PqRule final : public ic::Observer {
 public:
  explicit PqRule(const RuleContext& context)
      : check_(context,
               {"CHK-PQ", "PQ moves by its state table and forwards from 00 and from 11 only",
                "scenarios.md 0.1"}) {}

  void on_pq(const ic::PqEvent& event) override {
    const unsigned before = static_cast<unsigned>(event.before);
    const unsigned after = static_cast<unsigned>(event.after);
    unsigned expected = before;
    bool forwards = false;
    switch (event.op) {
      case ic::PqOp::Trigger:
        // A first event goes out, later ones are remembered, an off source ignores them.
        if (before == 0) expected = 2;
        if (before == 2) expected = 3;
        forwards = before == 0;
        break;
      case ic::PqOp::Eoi:
        if (before == 2) expected = 0;
        if (before == 3) expected = 2;
        forwards = before == 3;
        break;
      case ic::PqOp::Assert:
        if (before == 0) expected = 2;
        forwards = before == 0;
        break;
      case ic::PqOp::Get:
        break;
      default:
        expected = static_cast<unsigned>(event.op) - static_cast<unsigned>(ic::PqOp::Set00);
        break;
    }
    check_.expect(after == expected && event.forwarded == forwards, [&] {
      return fmt::format("{} {}/{:#x}, operation {}: PQ {} -> {}{}, {}{} expected",
                         place(event.place), event.blk, event.idx, static_cast<unsigned>(event.op),
                         before, after, event.forwarded ? " forwarded" : "", expected,
                         forwards ? " forwarded" : "");
    });
  }

 private:
  static const char* place(ic::PqPlace place) {
    switch (place) {
      case ic::PqPlace::Source:
        return "source";
      case ic::PqPlace::EndNotify:
        return "ESn of END";
      case ic::PqPlace::EndEscalate:
        return "ESe of END";
      case ic::PqPlace::Unit:
        return "unit source";
    }
    return "?";
  }
  Check check_;
};

}  // namespace xive::machine
