// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/rules/machine_rules.h"

namespace xive::machine {
namespace {

/// Changes of the lines of one core that a slow wire may have to carry at once.
constexpr unsigned kLinesInQueue = 64;

}  // namespace

MachineRules::MachineRules(Machine& machine, RuleBook& book)
    : machine_(machine),
      context_{.book = book,
               .now = [&machine] { return machine.stamp(); },
               .requester = [&machine] { return machine.requester(); },
               .told_until = [&machine] { return machine.executor().now(); },
               .threads_per_core = machine.config().threads,
               .line_bound = machine.config().hops[HopId::Line].bound(1, kLinesInQueue) +
                             4 * machine.config().tima_period,
               .loads_seen = machine.config().execution != Execution::Iss},
      lines_(context_, machine.threads()),
      conservation_(context_),
      queues_(context_),
      pq_(context_),
      observation_(context_),
      progress_(context_) {
  machine.observe(lines_);
  machine.observe(conservation_);
  machine.observe(queues_);
  machine.observe(observation_);
  machine.observe_chips(conservation_);
  machine.observe_chips(queues_);
  machine.observe_chips(pq_);
  machine.observe_chips(observation_);
  machine.observe_chips(progress_);
}

void MachineRules::finish() {
  lines_.finish(machine_.executor().now());
  conservation_.finish();
  progress_.finish();
}

}  // namespace xive::machine
