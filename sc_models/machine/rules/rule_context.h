// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "sc_models/platform/target.h"
#include "sc_models/platform/time.h"
#include "sc_models/rules/rule_book.h"

namespace xive::machine {

/// What the checks of scenarios.md 0.1 know about the machine that they watch.
struct RuleContext {
  RuleBook& book;
  std::function<platform::Time()> now;  ///< time of what is being told
  std::function<platform::Requester()> requester = [] { return platform::Requester{}; };
  /// Everything up to this time has been told. An access that runs ahead of the others is told with
  /// a later time, before lines that change until then.
  std::function<platform::Time()> told_until = [] { return platform::kNever; };
  unsigned threads_per_core = 4;
  platform::Time line_bound = 3'000;  ///< from a TIMA event to the line at the thread
  platform::Time progress_bound = 100 * platform::kMillisecond;
  /// Loads of threads from memory are told. The instruction set simulator makes them by itself:
  /// then nobody knows which queue entries were read.
  bool loads_seen = true;
};

/// One rule in a book.
class Check {
 public:
  Check(const RuleContext& context, const RuleInfo& info)
      : context_(context), index_(context.book.find_or_add(info)) {}
  void hit() { context_.book.hit(index_); }
  void fire(std::string detail) { context_.book.fire(index_, context_.now(), std::move(detail)); }
  /// Hit, and fire unless `ok`.
  template <typename Detail>
  void expect(bool ok, Detail&& detail) {
    hit();
    if (!ok) fire(detail());
  }

 private:
  const RuleContext& context_;
  RuleBook::Index index_;
};

}  // namespace xive::machine
