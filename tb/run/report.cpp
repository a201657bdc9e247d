// SPDX-License-Identifier: Apache-2.0
// The views of a RunResult: text, JSON, JUnit.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sc_models/rules/junit.h"
#include "sc_models/rules/rule_report.h"
#include "tb/run/run.h"
#include "tb/run/text.h"

namespace xive::run {
namespace {

constexpr const char* kKinds[] = {"IPIs", "MSIs", "MSIs of source units", "LSIs"};
constexpr const char* kKindKeys[] = {"ipi", "msi", "unit_msi", "lsi"};

std::string_view timing_name(TransportTiming timing) {
  switch (timing) {
    case TransportTiming::Direct:
      return "direct";
    case TransportTiming::Lt:
      return "lt";
    case TransportTiming::At:
      return "at";
  }
  return "?";
}

}  // namespace

std::string to_text(const RunOptions& options, RunResult& result) {
  const PlatformOptions& platform = options.platform;
  const machine::LoadResult& load = result.report.load;
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "\nrun: {} chip{}, {} cores x {} threads each, TIMA {}, bus {}, seed {}\n",
                 platform.chips, platform.chips == 1 ? "" : "s", platform.cores, platform.threads,
                 to_string(platform.tima), timing_name(platform.timing), options.work.seed);
  fmt::format_to(out, "firmware: {}\n\n", result.firmware);
  fmt::format_to(out, "{}\n", result.passed() ? "PASS" : "FAIL");
  if (!result.error.empty()) fmt::format_to(out, "  ended by: {}\n", result.error);
  for (const std::string& failure : result.report.failures) {
    fmt::format_to(out, "  {}\n", failure);
  }
  if (!result.rules.clean()) text += format_violations(result.rules);

  if (!result.report.calls.empty()) {
    text += "\ncalls                                  made   failed\n";
    for (const CallCount& call : result.report.calls) {
      fmt::format_to(out, "  {:<32} {:>8} {:>8}\n", call.name, call.calls, call.failures);
    }
  }
  text += "\ninterrupts                        triggered    handled\n";
  for (unsigned k = 0; k < 4; ++k) {
    fmt::format_to(out, "  {:<30} {:>10} {:>10}\n", kKinds[k], load.sent_by_kind[k],
                   load.handled_by_kind[k]);
  }
  fmt::format_to(out, "  {:<30} {:>10} {:>10}\n", "escalations", "", load.escalations);
  fmt::format_to(out, "  {:<30} {:>10} {:>10}\n", "together", load.sent,
                 load.handled + load.escalations);
  fmt::format_to(out,
                 "exceptions    {} hypervisor virtualization, {} external, {} with nothing to "
                 "acknowledge\n",
                 load.host_interrupts, load.guest_interrupts, load.spurious);
  fmt::format_to(out, "dispatches    {} of virtual processors\n", load.dispatches);
  fmt::format_to(out, "lost          {}, handled twice {}\n", load.lost, load.duplicated);

  const auto number = [&](const char* key) { return result.flow.value(key, std::uint64_t{0}); };
  fmt::format_to(
      out,
      "flow          {:.0f} queue entries per simulated second, {} triggers coalesced, {} "
      "backlogged, {} escalated\n",
      result.flow.value("interrupts_per_second", 0.0),
      number("coalesced_at_source") + number("coalesced_at_end"), number("backlogged"),
      number("escalated"));
  for (const auto& [name, hop] : result.hops.items()) {
    if (!hop.contains("queue")) continue;
    fmt::format_to(out, "hop {:<9} {} passed, up to {} in the queue, {} refused by a full one\n",
                   name, hop["count"].get<std::uint64_t>(),
                   hop["queue"]["max"].get<std::uint64_t>(), hop["retries"].get<std::uint64_t>());
  }
  if (options.table) {
    text += "\nlatency of each hop and end to end\n";
    text += result.latency_text;
  }
  fmt::format_to(out, "\nrules         {}\n", rules_text(options, result.rules));
  text += faults_text(result.faults);
  fmt::format_to(out, "digest        {}\n", result.digest);
  fmt::format_to(out, "functional    {}\n", load.functional);
  fmt::format_to(out, "simulated     {:.3f} ms, {} bus accesses, {} TIMA events\n",
                 static_cast<double>(result.simulated) / 1e9, result.accesses, result.tima_events);
  if (result.rtl_cycles > 0) {
    fmt::format_to(out, "RTL           {} cycles evaluated, {} events compared\n",
                   result.rtl_cycles, result.compared_events);
  }
  const double rate = result.seconds <= 0
                          ? 0
                          : static_cast<double>(load.handled + load.escalations) / result.seconds;
  fmt::format_to(out, "speed         {:.0f} interrupts/s, {:.2f} s ({:.2f} s to build)\n", rate,
                 result.seconds, result.build_seconds);
  fmt::format_to(out, "by part       {}\n", to_text(result.shares));
  return text;
}

nlohmann::json to_json(const RunOptions& options, const RunResult& result) {
  const WorkOptions& w = options.work;
  const machine::LoadResult& load = result.report.load;
  nlohmann::json value = report_head(options, result.passed());
  value["configuration"].update({{"timing", timing_name(options.platform.timing)},
                                 {"firmware", w.firmware == FirmwareKind::Opal ? "opal" : "tables"},
                                 {"seed", w.seed},
                                 {"triggers", w.triggers},
                                 {"vps", w.vps}});
  value["failures"] = result.report.failures;
  if (!result.error.empty()) value["error"] = result.error;
  value["calls"] = nlohmann::json::array();
  for (const CallCount& call : result.report.calls) {
    value["calls"].push_back(
        {{"name", call.name}, {"calls", call.calls}, {"failures", call.failures}});
  }
  for (unsigned k = 0; k < 4; ++k) {
    value["interrupts"][kKindKeys[k]] = {{"triggered", load.sent_by_kind[k]},
                                         {"handled", load.handled_by_kind[k]}};
  }
  value["interrupts"]["escalation"] = {{"handled", load.escalations}};
  value["exceptions"] = {{"hypervisor_virtualization", load.host_interrupts},
                         {"external", load.guest_interrupts},
                         {"spurious", load.spurious}};
  value["dispatches"] = load.dispatches;
  value["lost"] = load.lost;
  value["duplicated"] = load.duplicated;
  value["latency"] = result.latency;
  value["hops"] = result.hops;
  value["flow"] = result.flow;
  value["faults"] = faults_json(result.faults);
  value["rules"] = rules_json(options, result.rules);
  value["digest"] = result.digest;
  value["functional_digest"] = load.functional;
  value["simulated_ns"] = static_cast<double>(result.simulated) / 1000.0;
  value["bus_accesses"] = result.accesses;
  value["tima_events"] = result.tima_events;
  value["rtl_cycles"] = result.rtl_cycles;
  value["compared_events"] = result.compared_events;
  value["speed"] = {
      {"seconds", result.seconds},
      {"build_seconds", result.build_seconds},
      {"interrupts_per_second",
       result.seconds <= 0 ? 0.0
                           : static_cast<double>(load.handled + load.escalations) / result.seconds},
      {"parts", to_json(result.shares)}};
  return value;
}

std::string to_junit(const RunOptions& options, const RunResult& result) {
  Junit junit("run");
  junit.attribute("time", fmt::format("{:.3f}", result.seconds));
  junit.property("seed", std::to_string(options.work.seed));
  junit.property("digest", result.digest);
  junit.property("commit", options.build.commit);
  std::string why = result.error;
  for (const std::string& failure : result.report.failures) {
    why += (why.empty() ? "" : "; ") + failure;
  }
  if (why.empty()) {
    junit.passed("run", "load");
  } else {
    junit.failed("run", "load", why);
  }
  for (const CallCount& call : result.report.calls) {
    if (call.failures > 0) {
      junit.failed("run.calls", call.name,
                   fmt::format("{} of {} calls failed", call.failures, call.calls));
    } else if (call.calls == 0) {
      junit.skipped("run.calls", call.name, "never called");
    } else {
      junit.passed("run.calls", call.name);
    }
  }
  add_rules(options, result.rules, junit);
  return junit.text();
}

}  // namespace xive::run
