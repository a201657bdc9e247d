// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "sc_models/machine/rules/rule_context.h"

namespace xive::scenarios {

/// CHK-LOSTIPI (scenarios.md 0.1, S6.3, S6.4): a message waits for an agent, and nothing will ever
/// make that agent look. Judged where nothing is in flight.
class ChkLostIpi {
 public:
  explicit ChkLostIpi(const machine::RuleContext& context)
      : check_(context, {"CHK-LOSTIPI", "whoever has a message waiting is told, or looks by itself",
                         "scenarios.md 0.1, 3.6"}) {}

  /// `waits`: a message that the agent must see. `told`: line, doorbell or the agent's own program
  /// will make it look.
  template <typename Detail>
  void judge(bool waits, bool told, Detail&& detail) {
    check_.expect(!waits || told, std::forward<Detail>(detail));
  }

 private:
  machine::Check check_;
};

}  // namespace xive::scenarios
