// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sc_models/machine/machine.h"
#include "sc_models/machine/rules/machine_rules.h"
#include "sc_models/xive/rules/xive_rules.h"
#include "tb/run/tima_rules.h"

namespace xive::run {

/// The rules of chips, TIMAs and the machine around them, watching one machine. They are made after
/// it and before it runs, so they see everything.
class LiveRules {
 public:
  /// Reports to `book`; neither is owned.
  LiveRules(machine::Machine& machine, RuleBook& book)
      : book_(book), chips_(book, &machine.memory()), machine_(machine, book), timas_(machine) {
    for (unsigned n = 0; n < machine.chips(); ++n) machine.observe_chip(n, chips_.chip(n));
  }
  machine::MachineRules& machine() { return machine_; }

  /// The run came to its end and nothing is on its way.
  void finish() {
    chips_.finish();
    machine_.finish();
    timas_.finish();
  }
  /// The rules of TIMAs have kept their counts to themselves: adds them to the book.
  void merge() const { timas_.merge_into(book_); }

 private:
  RuleBook& book_;
  ic::XiveRules chips_;
  machine::MachineRules machine_;
  TimaRules timas_;
};

}  // namespace xive::run
