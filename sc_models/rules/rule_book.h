// SPDX-License-Identifier: Apache-2.0
/// Rules: every property that the harness checks has an identifier, one sentence, a reference to
/// the specification, and two counters. A RuleBook belongs to one simulation; nobody decides pass
/// or fail from log text.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xive {

/// What a rule says; static data.
struct RuleInfo {
  std::string_view id;         ///< stable identifier, e.g. "TIMA-P55", "LS-RDATA", "CHK-SPUR"
  std::string_view sentence;   ///< one sentence, present tense
  std::string_view reference;  ///< e.g. "tima.md 7 property 55"
};

/// One violation. `time` is in the unit of the simulation that owns the book (TIMA: cycles).
struct Violation {
  std::string_view rule;
  std::uint64_t time = 0;
  std::string detail;  ///< what was seen, what was expected
};

/// Counters of a set of rules and the violations seen, in order.
class RuleBook {
 public:
  /// Hot-path handle of a rule.
  using Index = std::uint32_t;

  struct Entry {
    RuleInfo info;
    std::uint64_t hits = 0;         ///< times the rule had a chance to fire
    std::uint64_t fired = 0;        ///< violations
    std::uint64_t first_fired = 0;  ///< what the hook said at the first violation
  };

  /// Called at each violation; returns the time of whoever owns the book (rules may count in units
  /// of their own), which Entry::first_fired keeps.
  using Hook = std::function<std::uint64_t(std::string_view rule)>;
  void set_hook(Hook hook) { hook_ = std::move(hook); }

  /// `info`'s strings must outlive the book (string literals).
  Index add(const RuleInfo& info) {
    entries_.push_back({info});
    return static_cast<Index>(entries_.size() - 1);
  }
  /// The rule with this identifier if there is one: several checkers report to one rule.
  Index find_or_add(const RuleInfo& info) {
    const Entry* entry = find(info.id);
    return entry != nullptr ? static_cast<Index>(entry - entries_.data()) : add(info);
  }
  void hit(Index rule) { ++entries_[rule].hits; }
  /// The entries from rule `first` on, for code that counts the hits of several rules registered
  /// one after the other. Not to be kept: the next add() may move them.
  Entry* rows(Index first) { return entries_.data() + first; }
  /// Records a violation; the first kMaxViolations are kept in full, all are counted.
  [[gnu::cold, gnu::noinline]] void fire(Index rule, std::uint64_t time, std::string detail) {
    Entry& entry = entries_[rule];
    const std::uint64_t at = hook_ ? hook_(entry.info.id) : time;
    if (entry.fired++ == 0) entry.first_fired = at;
    keep({entries_[rule].info.id, time, std::move(detail)});
  }

  /// Adds the counters and violations of another run of the same rules, rule by rule identifier.
  /// A rule this book does not know yet is added at the end. A merge in the same order of the same
  /// books gives the same result; counters do not depend on the order.
  void merge(const RuleBook& other) {
    for (const Entry& theirs : other.entries_) {
      Entry& mine = entries_[find_or_add(theirs.info)];
      mine.hits += theirs.hits;
      if (mine.fired == 0) mine.first_fired = theirs.first_fired;
      mine.fired += theirs.fired;
    }
    for (const Violation& violation : other.violations_) {
      keep(violation);
    }
  }
  /// Adds counters that were counted elsewhere, e.g. read from the report of another process.
  void add_counts(Index rule, std::uint64_t hits, std::uint64_t fired) {
    entries_[rule].hits += hits;
    entries_[rule].fired += fired;
  }
  /// Keeps a violation that add_counts() has already counted; its rule must be one of this book.
  void add_violation(Index rule, std::uint64_t time, std::string detail) {
    keep({entries_[rule].info.id, time, std::move(detail)});
  }

  /// The rule with this identifier, null if there is none. Not for the hot path.
  const Entry* find(std::string_view id) const {
    for (const Entry& entry : entries_) {
      if (entry.info.id == id) {
        return &entry;
      }
    }
    return nullptr;
  }

  bool clean() const { return violations_.empty(); }
  std::span<const Entry> entries() const { return entries_; }
  std::span<const Violation> violations() const { return violations_; }

  static constexpr std::size_t kMaxViolations = 64;

 private:
  void keep(Violation violation) {
    if (violations_.size() < kMaxViolations) {
      violations_.push_back(std::move(violation));
    }
  }
  std::vector<Entry> entries_;
  std::vector<Violation> violations_;
  Hook hook_;
};

}  // namespace xive
