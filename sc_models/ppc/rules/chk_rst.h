// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sc_models/ppc/thread_observer.h"
#include "sc_models/rules/rule_book.h"

namespace xive::ppc {

/// Names of the registers in which the states differ, with both values; empty if none. HMER is not
/// compared: hardware may set its bits at any time.
std::string differences(const ArchState& expected, const ArchState& actual);

/// CHK-RST: the first instruction after a reset or start-cpu finds every register as the template
/// says. An interrupt before that instruction saves the state instead: then that is compared.
class ChkRst final : public ThreadObserver {
 public:
  explicit ChkRst(RuleBook& book);

  void on_reset(const HardwareThread& thread, const ArchState& expected) override;
  void on_first_instruction(const HardwareThread& thread) override { compare(thread); }
  void on_interrupt(const HardwareThread& thread, const TakenInterrupt&) override {
    compare(thread);
  }

 private:
  void compare(const HardwareThread& thread);
  RuleBook& book_;
  RuleBook::Index rule_;
  std::map<std::uint32_t, ArchState> armed_;
};

}  // namespace xive::ppc
