// SPDX-License-Identifier: Apache-2.0
/// The checks of scenarios.md 0.1 that need a whole machine, live on one.
#pragma once

#include "sc_models/machine/machine.h"
#include "sc_models/machine/rules/conservation.h"
#include "sc_models/machine/rules/line_rules.h"
#include "sc_models/machine/rules/observation_rule.h"
#include "sc_models/machine/rules/pq_rule.h"
#include "sc_models/machine/rules/progress_rule.h"
#include "sc_models/machine/rules/queue_rules.h"

namespace xive::machine {

class MachineRules {
 public:
  /// Observes `machine` and reports to `book`; neither is owned. Made before the machine runs.
  MachineRules(Machine& machine, RuleBook& book);

  RuleContext& context() { return context_; }
  LineRules& lines() { return lines_; }
  Conservation& conservation() { return conservation_; }
  ObservationRule& observation() { return observation_; }
  ProgressRule& progress() { return progress_; }
  QueueRules& queues() { return queues_; }

  /// At the end of a run, when nothing is on its way.
  void finish();

 private:
  Machine& machine_;
  RuleContext context_;
  LineRules lines_;
  Conservation conservation_;
  QueueRules queues_;
  PqRule pq_;
  ObservationRule observation_;
  ProgressRule progress_;
};

}  // namespace xive::machine
