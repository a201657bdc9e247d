// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>

#include "sc_models/machine/rules/rule_context.h"

namespace xive::scenarios {

/// Account of the events of devices against what handlers did, for the parts of CHK-CONS and
/// CHK-MIG that only software can tell: after every event its handler runs at least once, and it
/// runs no more often than there were events. Events that come before it has run are one or two: a
/// source remembers one (P) and whether there were more (Q).
class EventLedger {
 public:
  /// Which check it reports to.
  static constexpr RuleInfo kConservation{"CHK-CONS", "every event of a device is handled once",
                                          "scenarios.md 0.1, S5.8"};
  static constexpr RuleInfo kMigration{"CHK-MIG", "every event of a device is handled once",
                                       "scenarios.md 0.1, S5.11"};
  EventLedger(const machine::RuleContext& context, const RuleInfo& info) : check_(context, info) {}

  /// A device has an event.
  void event(std::uint64_t source) {
    check_.hit();
    Account& account = accounts_[source];
    account.queued = account.queued || account.open > 0;
    ++account.open;
  }
  /// Software sends on what may have been handled already: one run more is allowed.
  void resent(std::uint64_t source) { ++accounts_[source].allowed; }
  /// The handler begins.
  void handled(std::uint64_t source) {
    Account& account = accounts_[source];
    ++account.runs;
    if (account.open > 0) {
      account.open = 0;
      return;
    }
    if (account.queued) {
      account.queued = false;
      return;
    }
    if (account.allowed > 0) {
      --account.allowed;
      return;
    }
    check_.expect(false, [&] {
      return fmt::format("source {:#x}: handled {} times, once more than it had events", source,
                         account.runs);
    });
  }
  /// Something that no device meant to happen: a stray write, an event at the wrong side.
  void stray(std::string what) { check_.fire(std::move(what)); }
  /// Nothing is on its way any more.
  void finish() {
    for (const auto& [source, account] : accounts_) {
      const std::uint64_t number = source;
      const Account& one = account;
      check_.expect(one.open == 0, [&] {
        return fmt::format("source {:#x}: its last {} events were lost, its handler ran {} times",
                           number, one.open, one.runs);
      });
    }
  }
  std::uint64_t runs(std::uint64_t source) const {
    const auto found = accounts_.find(source);
    return found != accounts_.end() ? found->second.runs : 0;
  }
  bool open(std::uint64_t source) const {
    const auto found = accounts_.find(source);
    return found != accounts_.end() && found->second.open > 0;
  }
  bool settled() const {
    for (const auto& [source, account] : accounts_) {
      if (account.open > 0) return false;
    }
    return true;
  }

 private:
  struct Account {
    std::uint64_t open = 0, allowed = 0, runs = 0;
    bool queued = false;
  };
  machine::Check check_;
  std::map<std::uint64_t, Account> accounts_;
};

}  // namespace xive::scenarios
