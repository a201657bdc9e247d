// SPDX-License-Identifier: Apache-2.0
// Groups S5 and S6: the right variants over their whole sweep on the model, base points in
// lock-step; every faulty variant is caught by the checks that it names.
#include <gtest/gtest.h>

#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/runner.h"

namespace xive::scenarios {
namespace {

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all = group_s5();
  for (Scenario& one : group_s6()) all.push_back(std::move(one));
  return all;
}

std::string describe(const CaseResult& result) {
  std::string text = "point " + std::to_string(result.point) + " (" + result.parameters + ")";
  if (!result.variant.empty()) text += " variant " + result.variant;
  if (!result.error.empty()) text += "\n  error: " + result.error;
  for (const std::string& rule : result.missing) text += "\n  not caught by " + rule;
  for (const Finding& finding : result.findings) {
    text += "\n  " + finding.rule + " x" + std::to_string(finding.fired) + " at " +
            std::to_string(finding.at / 1000) + " ns: " + finding.detail;
  }
  return text;
}

void check(const Scenario& scenario, const RunPlan& plan) {
  const ScenarioResult result = run_scenario(scenario, plan);
  unsigned told = 0;
  for (const CaseResult& one : result.cases) {
    if (one.passed || told++ > 3) continue;
    ADD_FAILURE() << describe(one);
  }
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.cases.size() > 0, scenario.runs());
}

class ScenarioTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  Scenario scenario = scenarios().at(GetParam());
};

TEST_P(ScenarioTest, RightVariantIsSilentOverItsSweep) {
  RunPlan plan;
  plan.sweep = true;
  plan.faulty = false;
  check(scenario, plan);
}

TEST_P(ScenarioTest, EveryFaultyVariantIsCaught) {
  RunPlan plan;
  plan.right = false;
  check(scenario, plan);
}

TEST_P(ScenarioTest, BasePointsInLockstep) {
  RunPlan plan;
  plan.options.tima = bridge::TimaKind::Lockstep;
  check(scenario, plan);
}

INSTANTIATE_TEST_SUITE_P(S5S6, ScenarioTest, ::testing::Range(std::size_t{0}, scenarios().size()),
                         [](const auto& tested) {
                           std::string name = scenarios().at(tested.param).id;
                           for (char& letter : name) letter = letter == '.' ? '_' : letter;
                           return name;
                         });

}  // namespace
}  // namespace xive::scenarios
