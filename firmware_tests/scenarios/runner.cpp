// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/runner.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "sc_models/rules/digest.h"

namespace xive::scenarios {

namespace {

std::vector<Finding> findings_of(const RuleBook& book, const FaultyVariant* variant) {
  std::vector<Finding> findings;
  for (const RuleBook::Entry& entry : book.entries()) {
    if (entry.fired == 0) continue;
    Finding finding;
    finding.rule = std::string(entry.info.id);
    finding.fired = entry.fired;
    finding.at = entry.first_fired;
    if (variant != nullptr) {
      const auto& named = variant->caught_by;
      finding.named = std::find(named.begin(), named.end(), finding.rule) != named.end();
    }
    for (const Violation& violation : book.violations()) {
      if (violation.rule != entry.info.id) continue;
      finding.detail = violation.detail;
      break;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

Time CaseResult::detection() const {
  Time last = 0;
  for (const Finding& finding : findings) {
    if (finding.named) last = std::max(last, finding.at);
  }
  return last > stimulus ? last - stimulus : 0;
}

bool ScenarioResult::passed() const {
  return std::all_of(cases.begin(), cases.end(),
                     [](const CaseResult& one) { return one.passed || !one.required; });
}

double ScenarioResult::seconds() const {
  double sum = 0;
  for (const CaseResult& one : cases) sum += one.seconds;
  return sum;
}

std::string ScenarioResult::digest() const {
  Digest chain;
  for (const CaseResult& one : cases) chain.add(one.digest);
  return chain.text();
}

CaseResult run_case(const Scenario& scenario, const Point& point, const FaultyVariant* variant,
                    const CaseOptions& options, RuleBook* rules) {
  CaseResult result;
  if (variant != nullptr) result.variant = variant->name;
  result.point = point.index();
  result.parameters = point.text();
  const auto begin = std::chrono::steady_clock::now();
  Context context(scenario, point, variant, options);
  try {
    scenario.body(context);
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  result.findings = findings_of(context.book(), variant);
  result.stimulus = context.stimulus_time();
  result.simulated = context.simulated();
  result.digest = context.digest();
  if (variant == nullptr) {
    result.passed = result.findings.empty() && result.error.empty();
  } else {
    for (const std::string& name : variant->caught_by) {
      const auto& all = result.findings;
      if (std::none_of(all.begin(), all.end(), [&](const auto& f) { return f.rule == name; })) {
        result.missing.push_back(name);
      }
    }
    for (const std::string& name : variant->silent) {
      const RuleBook::Entry* entry = context.book().find(name);
      if (entry != nullptr && entry->fired > 0) result.loud.push_back(name);
    }
    result.passed = result.missing.empty() && result.loud.empty();
  }
  if (rules != nullptr) rules->merge(context.book());
  return result;
}

ScenarioResult run_scenario(const Scenario& scenario, const RunPlan& plan,
                            const std::function<void(std::size_t, std::size_t)>& progress) {
  ScenarioResult result;
  result.scenario = &scenario;
  const std::vector<Point> sweep = scenario.sweep();
  if (plan.point >= 0 && static_cast<std::size_t>(plan.point) >= sweep.size()) {
    throw std::out_of_range("no such point");
  }
  struct Job {
    const FaultyVariant* variant;
    Point point;
    bool required;
  };
  std::vector<Job> jobs;
  const auto everywhere = [&](const FaultyVariant* variant, const Point& listed) {
    const bool right = variant == nullptr;
    if (plan.point >= 0) {
      const Point& point = sweep[static_cast<std::size_t>(plan.point)];
      jobs.push_back({variant, point, right || point.values() == listed.values()});
      return;
    }
    jobs.push_back({variant, listed, true});
    if (right ? !plan.sweep : !plan.sweep_faulty) return;
    for (const Point& point : sweep) {
      if (point.values() != listed.values()) jobs.push_back({variant, point, right});
    }
  };
  if (plan.right) everywhere(nullptr, sweep.front());
  if (plan.faulty) {
    for (const FaultyVariant& variant : scenario.faulty) {
      if (!plan.variant.empty() && plan.variant != variant.name) continue;
      everywhere(&variant, scenario.point(variant.at));
    }
  }
  for (std::size_t n = 0; n < jobs.size(); ++n) {
    if (progress) progress(n, jobs.size());
    RuleBook* rules = jobs[n].variant == nullptr ? &result.rules : nullptr;
    result.cases.push_back(run_case(scenario, jobs[n].point, jobs[n].variant, plan.options, rules));
    result.cases.back().required = jobs[n].required;
  }
  return result;
}

}  // namespace xive::scenarios
