// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sc_models/ppc/thread_observer.h"
#include "sc_models/rules/rule_book.h"

namespace xive::ppc {

/// CHK-QUIESCE: nothing happens on a thread whose quiesced flag is set.
class ChkQuiesce final : public ThreadObserver {
 public:
  explicit ChkQuiesce(RuleBook& book);

  void on_interrupt(const HardwareThread& thread, const TakenInterrupt& taken) override;
  void on_retire(const HardwareThread& thread, std::uint64_t count) override;
  void on_kick(const HardwareThread& thread) override;
  void on_io_issue(const HardwareThread& thread, const IoAccess& access) override;

 private:
  void check(const HardwareThread& thread, std::string_view what);
  RuleBook& book_;
  RuleBook::Index rule_;
};

/// CORE-REQ: the interrupt request is what inputs, MSR, LPCR and run state say. The equivalent of
/// CHK-LINE-ON for the core ("request not recomputed", scenarios.md S3.5).
class ChkRequest final : public ThreadObserver {
 public:
  explicit ChkRequest(RuleBook& book);
  void on_evaluate(const HardwareThread& thread) override;

 private:
  RuleBook& book_;
  RuleBook::Index rule_;
};

}  // namespace xive::ppc
