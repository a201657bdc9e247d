// SPDX-License-Identifier: Apache-2.0
/// Executes scenarios and judges them by their rules.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "firmware_tests/scenarios/context.h"
#include "firmware_tests/scenarios/scenario.h"

namespace xive::scenarios {

/// A rule that fired in a case.
struct Finding {
  std::string rule;
  std::uint64_t fired = 0;
  Time at = 0;         ///< simulated time of the first violation
  bool named = false;  ///< one of FaultyVariant::caught_by
  std::string detail;  ///< of the first violation that was kept
};

/// One variant at one point.
struct CaseResult {
  std::string variant;  ///< empty: the right one
  std::size_t point = 0;
  std::string parameters;
  bool passed = false;
  /// The case was a listed point of its variant; others show only how far the check reaches.
  bool required = true;
  std::vector<Finding> findings;
  std::vector<std::string> missing;  ///< named checks that did not fire
  std::vector<std::string> loud;     ///< checks that fired and must not
  std::string error;                 ///< exception that ended the case
  Time stimulus = 0;
  Time simulated = 0;
  std::string digest;
  double seconds = 0;

  /// Simulated time from the stimulus to the last of the named checks; 0 if not caught.
  Time detection() const;
};

struct ScenarioResult {
  const Scenario* scenario = nullptr;
  std::vector<CaseResult> cases;
  RuleBook rules;  ///< of the right variant, all points
  bool passed() const;
  double seconds() const;
  std::string digest() const;
};

struct RunPlan {
  CaseOptions options{};
  bool right = true;
  bool faulty = true;
  std::string variant{};      ///< only this faulty variant; empty: all
  bool sweep = false;         ///< the right variant at every point
  bool sweep_faulty = false;  ///< the faulty ones too (only the listed point must catch)
  /// Only this point, where a faulty variant need not be caught if it lists another one; negative:
  /// as above.
  std::int64_t point = -1;
};

CaseResult run_case(const Scenario& scenario, const Point& point, const FaultyVariant* variant,
                    const CaseOptions& options, RuleBook* rules = nullptr);

/// `progress`, if given, is called before each case with its number and the number of cases.
ScenarioResult run_scenario(const Scenario& scenario, const RunPlan& plan,
                            const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace xive::scenarios
