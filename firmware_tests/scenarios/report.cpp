// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sc_models/rules/digest.h"
#include "sc_models/rules/junit.h"
#include "sc_models/rules/rule_report.h"

namespace xive::scenarios {

namespace {

std::string checks_of(const CaseResult& one, bool named, bool times) {
  std::string text;
  for (const Finding& finding : one.findings) {
    if (finding.named != named) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", finding.rule);
    if (times) {
      const Time after = finding.at > one.stimulus ? finding.at - one.stimulus : 0;
      text += fmt::format(" {}", time_text(after));
    }
  }
  return text;
}

/// Why a case failed, one line.
std::string reason(const CaseResult& one) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (!one.error.empty()) add("ended by: " + one.error);
  if (!one.missing.empty()) {
    add(fmt::format("not caught by {}", fmt::join(one.missing, ", ")));
    if (const std::string other = checks_of(one, false, false); !other.empty()) {
      add("fired: " + other);
    }
  }
  if (!one.loud.empty()) add(fmt::format("must stay silent: {}", fmt::join(one.loud, ", ")));
  if (one.variant.empty()) {
    for (const Finding& finding : one.findings) {
      add(fmt::format("{} fired {} times, first at {}: {}", finding.rule, finding.fired,
                      time_text(finding.at), finding.detail));
    }
  }
  return text;
}

std::string case_name(const CaseResult& one) {
  if (one.parameters.empty()) return "the only point";
  if (one.point == static_cast<std::size_t>(-1)) {
    return fmt::format("outside of the sweep ({})", one.parameters);
  }
  return fmt::format("point {} ({})", one.point, one.parameters);
}

}  // namespace

bool Report::passed() const {
  return std::all_of(results.begin(), results.end(), [](const auto& one) { return one.passed(); });
}

double Report::seconds() const {
  double sum = 0;
  for (const ScenarioResult& one : results) sum += one.seconds();
  return sum;
}

std::string Report::digest() const {
  Digest chain;
  for (const ScenarioResult& one : results) chain.add(one.digest());
  return chain.text();
}

std::string time_text(Time time) {
  const auto ps = static_cast<double>(time);
  if (time < 1'000'000) return fmt::format("{:g} ns", ps / 1e3);
  if (time < 1'000'000'000) return fmt::format("{:.4g} us", ps / 1e6);
  return fmt::format("{:.4g} ms", ps / 1e9);
}

std::string failure_text(const CaseResult& failed) {
  return fmt::format("{}, {}: {}", failed.variant.empty() ? "right" : failed.variant,
                     case_name(failed), reason(failed));
}

std::string to_text(const ScenarioResult& result) {
  const Scenario& scenario = *result.scenario;
  std::string text =
      fmt::format("{:<6}{} {}\n", scenario.id, result.passed() ? "PASS" : "FAIL", scenario.title);
  const auto out = std::back_inserter(text);
  std::size_t right = 0, good = 0;
  for (const CaseResult& one : result.cases) {
    if (!one.variant.empty()) continue;
    ++right;
    if (one.passed) ++good;
  }
  if (right > 0) {
    fmt::format_to(out, "      {:<18} {} of {} point{} silent\n", "right", good, right,
                   right == 1 ? "" : "s");
  }
  unsigned shown = 0;
  for (const CaseResult& one : result.cases) {
    if (!one.variant.empty() || one.passed) continue;
    if (++shown > 5) break;
    fmt::format_to(out, "        {}: {}\n", case_name(one), reason(one));
  }
  for (const FaultyVariant& variant : scenario.faulty) {
    std::size_t tried = 0, caught = 0;
    const CaseResult* told = nullptr;  // the listed point, if it ran
    for (const CaseResult& one : result.cases) {
      if (one.variant != variant.name) continue;
      if (one.required || told == nullptr) told = &one;
      ++tried;
      if (one.passed) ++caught;
    }
    if (told == nullptr) continue;
    if (!told->passed) {
      fmt::format_to(out, "      {:<18} {} at {}: {}\n", variant.name,
                     told->required ? "NOT CAUGHT" : "need not be, and was not caught",
                     case_name(*told), reason(*told));
      continue;
    }
    fmt::format_to(out, "      {:<18} caught by {}", variant.name, checks_of(*told, true, true));
    const std::string other = checks_of(*told, false, false);
    if (!other.empty()) fmt::format_to(out, "; also {}", other);
    if (tried > 1) fmt::format_to(out, "; at {} of {} points", caught, tried);
    text += "\n";
  }
  return text;
}

std::string summary(const Report& report) {
  std::size_t cases = 0, failed = 0;
  for (const ScenarioResult& one : report.results) {
    cases += one.cases.size();
    if (!one.passed()) ++failed;
  }
  std::string text;
  for (const Scenario* one : report.not_run) {
    text += fmt::format("{:<6}not run: {}\n", one->id, one->not_run);
  }
  return text + fmt::format(
                    "{}: {} scenarios, {} failed, {} not run; {} cases, TIMA {}, seed {}, "
                    "{:.1f} s, digest {}\n",
                    report.passed() ? "PASS" : "FAIL", report.results.size(), failed,
                    report.not_run.size(), cases, to_string(report.plan.options.tima),
                    report.plan.options.seed, report.seconds(), report.digest());
}

nlohmann::json to_json(const Report& report) {
  nlohmann::json value = {{"command", "scenario run"},
                          {"version", report.version},
                          {"commit", report.commit},
                          {"dirty", report.dirty},
                          {"tima", to_string(report.plan.options.tima)},
                          {"seed", report.plan.options.seed},
                          {"sweep", report.plan.sweep},
                          {"passed", report.passed()},
                          {"seconds", report.seconds()},
                          {"digest", report.digest()}};
  value["scenarios"] = nlohmann::json::array();
  for (const ScenarioResult& result : report.results) {
    nlohmann::json one = {{"id", result.scenario->id},
                          {"title", result.scenario->title},
                          {"reference", result.scenario->reference},
                          {"passed", result.passed()},
                          {"seconds", result.seconds()},
                          {"digest", result.digest()},
                          {"cases", nlohmann::json::array()}};
    if (!result.rules.entries().empty()) one["rules"] = xive::to_json(result.rules);
    for (const CaseResult& item : result.cases) {
      nlohmann::json entry = {
          {"variant", item.variant.empty() ? "right" : item.variant},
          {"point", item.point == static_cast<std::size_t>(-1) ? nlohmann::json()
                                                               : nlohmann::json(item.point)},
          {"parameters", item.parameters},
          {"required", item.required},
          {"passed", item.passed},
          {"simulated_ps", item.simulated},
          {"digest", item.digest},
          {"findings", nlohmann::json::array()}};
      if (!item.error.empty()) entry["error"] = item.error;
      if (!item.variant.empty()) {
        entry["missing"] = item.missing;
        entry["loud"] = item.loud;
        entry["stimulus_ps"] = item.stimulus;
        if (item.passed) entry["detection_ps"] = item.detection();
      }
      for (const Finding& finding : item.findings) {
        entry["findings"].push_back({{"rule", finding.rule},
                                     {"fired", finding.fired},
                                     {"at_ps", finding.at},
                                     {"named", finding.named},
                                     {"detail", finding.detail}});
      }
      one["cases"].push_back(std::move(entry));
    }
    value["scenarios"].push_back(std::move(one));
  }
  for (const Scenario* one : report.not_run) {
    value["not_run"].push_back({{"id", one->id}, {"reason", one->not_run}});
  }
  return value;
}

std::string to_junit(const Report& report) {
  Junit junit("scenario");
  junit.attribute("time", fmt::format("{:.3f}", report.seconds()));
  junit.property("tima", to_string(report.plan.options.tima));
  junit.property("seed", std::to_string(report.plan.options.seed));
  junit.property("digest", report.digest());
  junit.property("commit", report.commit);
  for (const ScenarioResult& result : report.results) {
    const std::string group = fmt::format("scenario.{}", result.scenario->id);
    for (const CaseResult& one : result.cases) {
      if (!one.required) continue;
      const std::string name = fmt::format("{}{}{}", one.variant.empty() ? "right" : one.variant,
                                           one.parameters.empty() ? "" : " ", one.parameters);
      if (one.passed) {
        junit.passed(group, name, one.seconds);
      } else {
        junit.failed(group, name, reason(one), {}, one.seconds);
      }
    }
  }
  for (const Scenario* one : report.not_run) {
    junit.skipped(fmt::format("scenario.{}", one->id), "right", one->not_run);
  }
  return junit.text();
}

std::string list_text(const std::vector<Scenario>& scenarios) {
  std::string text;
  const auto out = std::back_inserter(text);
  for (const Scenario& one : scenarios) {
    fmt::format_to(out, "{:<6}{}", one.id, one.title);
    if (!one.runs()) {
      fmt::format_to(out, "\n      not run: {}\n", one.not_run);
      continue;
    }
    const std::size_t points = one.sweep().size();
    fmt::format_to(out, " ({} point{})\n", points, points == 1 ? "" : "s");
    for (const FaultyVariant& variant : one.faulty) {
      fmt::format_to(out, "      {:<18} {} [{}]\n", variant.name, variant.what,
                     fmt::join(variant.caught_by, ", "));
    }
  }
  return text;
}

nlohmann::json list_json(const std::vector<Scenario>& scenarios) {
  nlohmann::json value = nlohmann::json::array();
  for (const Scenario& one : scenarios) {
    nlohmann::json entry = {{"id", one.id},
                            {"title", one.title},
                            {"reference", one.reference},
                            {"runs", one.runs()},
                            {"parameters", nlohmann::json::array()},
                            {"faulty", nlohmann::json::array()}};
    if (!one.runs()) entry["not_run"] = one.not_run;
    if (one.runs()) entry["points"] = one.sweep().size();
    for (const Axis& axis : one.axes) {
      entry["parameters"].push_back({{"name", axis.name}, {"values", axis.values}});
    }
    for (const FaultyVariant& variant : one.faulty) {
      entry["faulty"].push_back({{"name", variant.name},
                                 {"what", variant.what},
                                 {"caught_by", variant.caught_by},
                                 {"silent", variant.silent},
                                 {"at", variant.at}});
    }
    value.push_back(std::move(entry));
  }
  return value;
}

}  // namespace xive::scenarios
