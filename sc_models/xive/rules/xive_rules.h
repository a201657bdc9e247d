// SPDX-License-Identifier: Apache-2.0
/// Live checks of a fabric of generation 1 chips. One object for all chips; it sees only what the
/// observers report, and memory if it is given.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "sc_models/platform/memory_port.h"
#include "sc_models/rules/flat_map.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/xive/observer.h"
#include "sc_models/xive/rules/rule_list.h"

namespace xive::ic {

enum class ChipRule : std::uint8_t {
#define X(name, id, sentence) name,
  XIVE_CHIP_RULES(X)
#undef X
      kCount
};

class XiveRules {
 public:
  /// `memory`, if given, is read (never written) to compare tables and queues. Not owned.
  explicit XiveRules(RuleBook& book, platform::MemoryPort* memory = nullptr);
  ~XiveRules();

  /// Observer for chip `n` of the fabric.
  Observer& chip(unsigned n);

  /// At the end of a run, when nothing is in flight: no event may be open.
  void finish();

  /// Events that have no outcome yet.
  std::size_t open_events() const { return open_.size(); }

 private:
  friend class ChipObserver;

  void hit(ChipRule rule) { book_.hit(index_[static_cast<std::size_t>(rule)]); }
  void fire(ChipRule rule, std::string detail) {
    book_.fire(index_[static_cast<std::size_t>(rule)], time_, std::move(detail));
  }
  /// Hit, and fire unless `ok`.
  template <typename Detail>
  void check(ChipRule rule, bool ok, Detail&& detail) {
    hit(rule);
    if (!ok) fire(rule, detail());
  }

  RuleBook& book_;
  platform::MemoryPort* memory_;
  std::array<RuleBook::Index, static_cast<std::size_t>(ChipRule::kCount)> index_{};
  std::vector<std::unique_ptr<Observer>> chips_;
  std::uint64_t time_ = 0;  ///< events seen, the only clock the rules have

  // Facts that concern more than one chip.
  FlatMap<bool> open_;  ///< by trace
  bool expect_trigger_ = false;
  std::uint64_t expected_source_ = 0;
  std::map<std::uint64_t, bool> enables_;  ///< core << 8 | thread
};

}  // namespace xive::ic
