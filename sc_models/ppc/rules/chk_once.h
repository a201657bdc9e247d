// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sc_models/platform/target.h"
#include "sc_models/ppc/thread_observer.h"
#include "sc_models/rules/rule_book.h"

namespace xive::ppc {

/// CHK-ONCE: every instruction that accesses a device with side effects performs its access exactly
/// once. The instructions come from the threads, the accesses from a Tap in front of the device.
class ChkOnce final : public ThreadObserver {
 public:
  /// `posted_stores`: a store may be performed after it retired (store buffer); whether it was is
  /// then checked by finish().
  explicit ChkOnce(RuleBook& book, bool posted_stores = false);

  /// Accesses to [base, base + size) have side effects and are seen by performed().
  void watch(std::uint64_t base, std::uint64_t size) { windows_.emplace_back(base, size); }
  /// The device performs an access.
  void performed(const platform::Request& request);
  /// End of the simulation: posted stores must have been performed.
  void finish(platform::Time now);

  void on_io_issue(const HardwareThread& thread, const IoAccess& access) override;
  void on_io_retire(const HardwareThread& thread, const IoAccess& access) override;
  void on_reset(const HardwareThread& thread, const ArchState&) override;

 private:
  using Key = std::pair<std::uint32_t, std::uint64_t>;  ///< PIR, instruction
  bool watched(std::uint64_t address) const;

  RuleBook& book_;
  RuleBook::Index rule_;
  bool posted_stores_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> windows_;
  std::map<Key, unsigned> open_;  ///< issued, not yet settled: accesses so far
};

}  // namespace xive::ppc
