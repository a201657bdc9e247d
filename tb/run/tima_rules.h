// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "sc_models/machine/machine.h"
#include "sc_models/tima/rules/rules.h"

namespace xive::run {

/// The TIMA rules on every core, each with a book of its own.
class TimaRules final : private machine::MachineObserver {
 public:
  explicit TimaRules(machine::Machine& machine) : machine_(machine), books_(machine.cores()) {
    for (unsigned core = 0; core < machine.cores(); ++core) {
      rules_.push_back(
          std::make_unique<tima::Rules>(machine.tima(core).port().params(), books_[core]));
      rules_.back()->configure(machine.static_inputs(core));
      machine.observe_tima(core, *rules_.back());
    }
    machine.observe(*this);
  }
  void finish() {
    for (unsigned core = 0; core < rules_.size(); ++core) {
      rules_[core]->finish(machine_.tima(core).port().now());
    }
  }
  void merge_into(RuleBook& book) const {
    for (const RuleBook& one : books_) book.merge(one);
  }

 private:
  void on_static_inputs(unsigned core, const tima::StaticInputs& inputs) override {
    rules_[core]->configure(inputs);
  }
  machine::Machine& machine_;
  std::vector<RuleBook> books_;
  std::vector<std::unique_ptr<tima::Rules>> rules_;
};

}  // namespace xive::run
