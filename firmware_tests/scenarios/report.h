// SPDX-License-Identifier: Apache-2.0
/// Views of the results of scenarios: text for people, JSON and JUnit for machines.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "firmware_tests/scenarios/runner.h"

namespace xive::scenarios {

struct Report {
  RunPlan plan;
  std::vector<ScenarioResult> results;
  std::vector<const Scenario*> not_run;
  std::string version, commit;
  bool dirty = false;

  bool passed() const;
  double seconds() const;
  /// Hash over all cases: same commit, plan and seed, same digest.
  std::string digest() const;
};

/// "1.25 us", from picoseconds.
std::string time_text(Time time);

/// Which case failed, and why: one line.
std::string failure_text(const CaseResult& failed);
/// Some lines for one scenario.
std::string to_text(const ScenarioResult& result);
/// The last lines of a run.
std::string summary(const Report& report);
nlohmann::json to_json(const Report& report);
std::string to_junit(const Report& report);

/// One line per scenario with its checks.
std::string list_text(const std::vector<Scenario>& scenarios);
nlohmann::json list_json(const std::vector<Scenario>& scenarios);

}  // namespace xive::scenarios
