// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "sc_models/machine/rules/rule_context.h"

namespace xive::scenarios {

/// CHK-RING (scenarios.md S6.2, "access table compare"): an access to a TIMA page does what the
/// tables of tima.md 1.5 and 2 say for that page, and nothing else.
class ChkRing {
 public:
  explicit ChkRing(const machine::RuleContext& context)
      : check_(context, {"CHK-RING",
                         "a TIMA page reaches the registers and operations of its privilege only",
                         "scenarios.md S6.2; tima.md 0.2, 1.5, 2"}) {}
  template <typename Detail>
  void judge(bool ok, Detail&& detail) {
    check_.expect(ok, std::forward<Detail>(detail));
  }

 private:
  machine::Check check_;
};

}  // namespace xive::scenarios
