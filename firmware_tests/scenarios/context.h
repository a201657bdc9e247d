// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "bridge/make_tima.h"
#include "firmware_tests/scenarios/scenario.h"
#include "sc_models/platform/time.h"
#include "sc_models/rules/random.h"
#include "sc_models/rules/rule_book.h"

namespace xive::scenarios {

using platform::Time;

struct CaseOptions {
  bridge::TimaKind tima = bridge::TimaKind::Model;
  std::uint64_t seed = 1;
  std::string waves;  ///< folder for FST files of the RTL; empty: none
};

/// One execution of a scenario: a variant at a point. What the body of a scenario gets.
class Context {
 public:
  /// `faulty` null: the right variant. References must outlive the context.
  Context(const Scenario& scenario, const Point& point, const FaultyVariant* faulty,
          const CaseOptions& options);

  const Scenario& scenario() const { return scenario_; }
  const CaseOptions& options() const { return options_; }
  const Point& point() const { return point_; }
  std::int64_t operator[](std::string_view parameter) const { return point_[parameter]; }
  unsigned number(std::string_view parameter) const {
    return static_cast<unsigned>(point_[parameter]);
  }

  bool right() const { return faulty_ == nullptr; }
  /// This variant runs. An unknown name is a mistake in the scenario: std::out_of_range.
  bool faulty(std::string_view name) const;
  const FaultyVariant* variant() const { return faulty_; }

  /// Random numbers of this case: the same for all variants of a point.
  Random random(std::uint64_t stream = 0) const {
    return Random(options_.seed, point_.index() * 64 + stream);
  }

  // --- verdict ---
  RuleBook& book() { return book_; }
  /// Rule SCN-STEP: a step gives what the scenario says. The text is made only if it does not.
  template <typename... Args>
  void expect(bool ok, fmt::format_string<Args...> text, Args&&... args) {
    book_.hit(step_);
    if (!ok) book_.fire(step_, now(), fmt::format(text, std::forward<Args>(args)...));
  }
  /// Rule SCN-END: the scenario came to its end.
  void ended(bool ok, const std::string& who) {
    book_.hit(end_);
    if (!ok) book_.fire(end_, now(), who + " did not come to its end");
  }
  /// Here begins what a faulty variant gets wrong: times to detection count from the first call.
  void stimulus() {
    if (!stimulus_) stimulus_ = now();
  }

  // --- for whoever simulates ---
  /// The simulation that runs now; it takes both back before it ends.
  void attach(std::function<Time()> clock, std::function<void()> stop);
  void detach();
  Time now() const { return clock_ ? clock_() : last_; }
  Time stimulus_time() const { return stimulus_.value_or(0); }
  /// Every check that this faulty variant names has fired.
  bool caught() const { return faulty_ != nullptr && fired_.size() == faulty_->caught_by.size(); }
  /// Violations in another book count like those in book(); its owner merges it at the end.
  void watch(RuleBook& other);
  /// Added up over the simulations of the case.
  void account(Time simulated, const std::string& digest);
  Time simulated() const { return simulated_; }
  const std::string& digest() const { return digest_; }

 private:
  std::uint64_t on_violation(std::string_view rule);

  const Scenario& scenario_;
  const Point& point_;
  const FaultyVariant* faulty_;
  CaseOptions options_;
  RuleBook book_;
  RuleBook::Index step_, end_;
  std::function<Time()> clock_;
  std::function<void()> stop_;
  std::optional<Time> stimulus_;
  std::set<std::string, std::less<>> fired_;  ///< of the checks that the variant names
  Time last_ = 0;
  Time simulated_ = 0;
  std::string digest_;
};

}  // namespace xive::scenarios
