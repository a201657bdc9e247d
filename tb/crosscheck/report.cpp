// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "tb/crosscheck/crosscheck.h"

namespace xive::crosscheck {
namespace {

std::string side_text(const Side& side, bool wanted) {
  if (!wanted) return "-";
  if (!side.skipped.empty()) return "skipped";
  if (!side.problem.empty()) return "no verdict";
  return fmt::format("{:.2f} s", side.seconds);
}

std::string verdict(const Result& result, const SuiteResult& r) {
  if (!r.passed) return "FAIL";
  const std::size_t known = r.comparison.deviations.size();
  const std::string suffix = known == 0 ? "" : fmt::format(", {} known", known);
  if (!r.qemu.ran) return result.with_platform ? "platform only" : "skipped";
  return (result.with_platform ? "agree" : "QEMU only") + suffix;
}

std::size_t checks_of(const SuiteResult& r) {
  return r.qemu.ran ? r.qemu.transcript.checks : r.platform.transcript.checks;
}

nlohmann::json side_json(const Side& side) {
  nlohmann::json json;
  json["ran"] = side.ran;
  if (!side.skipped.empty()) json["skipped"] = side.skipped;
  if (!side.problem.empty()) json["problem"] = side.problem;
  if (!side.complaint.empty()) json["complaint"] = side.complaint;
  if (side.ran) {
    json["seconds"] = side.seconds;
    json["verdict"] =
        side.transcript.finished ? (side.transcript.passed ? "PASS" : "FAIL") : "none";
    json["checks"] = side.transcript.checks;
    json["lines"] = side.transcript.lines.size();
    json["measures"] = side.transcript.measures;
  }
  return json;
}

nlohmann::json line_json(const std::optional<Line>& line) {
  if (!line) return nullptr;
  return {{"line", line->name}, {"value", line->value}, {"good", line->good}};
}

}  // namespace

std::string to_text(const Plan& plan, const Result& result) {
  std::string text =
      fmt::format("crosscheck: QEMU {} ({}){}\n", result.qemu.version, result.qemu.path,
                  result.with_platform ? "" : ", without the platform");
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{:<26} {:>7} {:>9} {:>11} {:>11}  {}\n", "suite", "checks", "compared",
                 "QEMU", "platform", "result");
  for (const SuiteResult& r : result.suites) {
    fmt::format_to(out, "{:<26} {:>7} {:>9} {:>11} {:>11}  {}\n", r.suite.label(), checks_of(r),
                   r.comparison.compared, side_text(r.qemu, true),
                   side_text(r.platform, result.with_platform), verdict(result, r));
  }
  std::map<std::string, std::vector<std::string>> skipped;  // by reason
  for (const SuiteResult& r : result.suites) {
    if (!r.qemu.skipped.empty()) skipped[r.qemu.skipped].push_back(r.suite.label());
  }
  for (const auto& [reason, suites] : skipped) {
    fmt::format_to(out, "skipped  on QEMU: {}\n         {}\n", reason, fmt::join(suites, ", "));
  }
  for (const SuiteResult& r : result.suites) {
    for (const auto& [who, side] :
         {std::pair{"QEMU", &r.qemu}, std::pair{"platform", &r.platform}}) {
      if (!side->problem.empty()) {
        fmt::format_to(out, "failed   {} on {}: {}\n", r.suite.label(), who, side->problem);
      }
      if (!side->complaint.empty()) {
        fmt::format_to(out, "failed   {} on {}: {}\n", r.suite.label(), who, side->complaint);
      }
    }
    for (const Deviation& d : r.comparison.deviations) {
      if (d.known) {
        const Difference& known = plan.differences[*d.known];
        fmt::format_to(out, "known    {}: {} ({})\n", known.text(), known.reason, known.spec);
      } else {
        fmt::format_to(out, "differs  {} number {}: {}\n", r.suite.label(), d.nth, d.text());
      }
    }
    if (r.platform.ran && r.platform.problem.empty() && !r.qemu.ran) {
      for (const Line& line : r.platform.transcript.lines) {
        if (!line.good)
          fmt::format_to(out, "failed   {} on platform: {}\n", r.suite.label(), line.text());
      }
    }
  }
  for (const std::size_t n : result.unused) {
    fmt::format_to(out, "unused   {}: this difference is listed and did not show\n",
                   plan.differences[n].text());
  }
  const auto failed = static_cast<std::size_t>(std::count_if(
      result.suites.begin(), result.suites.end(), [](const SuiteResult& r) { return !r.passed; }));
  fmt::format_to(out, "{}: {} suites, {} failed, {} listed differences unused\n",
                 result.passed() ? "PASS" : "FAIL", result.suites.size(), failed,
                 result.unused.size());
  return text;
}

nlohmann::json to_json(const Plan& plan, const Result& result) {
  nlohmann::json json;
  json["qemu"] = {{"path", result.qemu.path}, {"version", result.qemu.version}};
  json["with_platform"] = result.with_platform;
  json["passed"] = result.passed();
  json["suites"] = nlohmann::json::array();
  for (const SuiteResult& r : result.suites) {
    nlohmann::json suite = {{"name", r.suite.name},
                            {"chips", r.suite.chips},
                            {"cores", r.suite.cores},
                            {"threads", r.suite.threads},
                            {"passed", r.passed},
                            {"compared", r.comparison.compared},
                            {"qemu", side_json(r.qemu)},
                            {"platform", side_json(r.platform)},
                            {"deviations", nlohmann::json::array()}};
    for (const Deviation& d : r.comparison.deviations) {
      nlohmann::json deviation = {{"qemu", line_json(d.qemu)},
                                  {"platform", line_json(d.platform)},
                                  {"nth", d.nth},
                                  {"known", d.known.has_value()}};
      if (d.known) {
        deviation["reason"] = plan.differences[*d.known].reason;
        deviation["spec"] = plan.differences[*d.known].spec;
      }
      suite["deviations"].push_back(std::move(deviation));
    }
    json["suites"].push_back(std::move(suite));
  }
  json["unused"] = nlohmann::json::array();
  for (const std::size_t n : result.unused) {
    json["unused"].push_back(
        {{"suite", plan.differences[n].suite}, {"line", plan.differences[n].line}});
  }
  return json;
}

}  // namespace xive::crosscheck
