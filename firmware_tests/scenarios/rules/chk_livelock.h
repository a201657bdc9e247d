// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <map>

#include "sc_models/machine/rules/rule_context.h"

namespace xive::scenarios {

/// CHK-LIVELOCK (scenarios.md 0.1): no run loop goes round for ever without an instruction and
/// without sleeping while somebody waits for the lock that it needs.
class ChkLivelock {
 public:
  ChkLivelock(const machine::RuleContext& context, unsigned limit)
      : check_(context, {"CHK-LIVELOCK",
                         "a run loop that does nothing does not go round while others wait for its "
                         "lock",
                         "scenarios.md 0.1, S3.1"}),
        limit_(limit) {}

  /// Loop `loop` begins another round; so many others wait for the lock.
  void round(unsigned loop, unsigned waiters) {
    check_.hit();
    unsigned& rounds = rounds_[loop];
    if (waiters == 0) {
      rounds = 0;
    } else if (++rounds == limit_) {
      check_.fire(fmt::format("run loop {} has gone round {} times for nothing, {} wait", loop,
                              rounds, waiters));
    }
  }
  /// It executed something, or slept.
  void useful(unsigned loop) { rounds_[loop] = 0; }

 private:
  machine::Check check_;
  unsigned limit_;
  std::map<unsigned, unsigned> rounds_;
};

}  // namespace xive::scenarios
