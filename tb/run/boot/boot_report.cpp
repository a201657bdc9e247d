// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iterator>

#include "sc_models/rules/junit.h"
#include "sc_models/rules/rule_report.h"
#include "tb/run/boot/boot_run.h"
#include "tb/run/text.h"

namespace xive::run {
namespace {

std::string millions(std::uint64_t count) {
  return fmt::format("{:.1f} M", static_cast<double>(count) / 1e6);
}

}  // namespace

std::string to_text(const RunOptions& options, const BootResult& result) {
  const PlatformOptions& p = options.platform;
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "\nrun: {} chip{}, {} core{} x {} thread{} each, TIMA {}, firmware {}\n",
                 p.chips, p.chips == 1 ? "" : "s", p.cores, p.cores == 1 ? "" : "s", p.threads,
                 p.threads == 1 ? "" : "s", to_string(p.tima), result.firmware);
  fmt::format_to(out, "{}: {}\n", result.passed() ? "PASS" : "FAIL", result.reason);
  if (result.end != BootEnd::Exit || result.exit_code != 0) {
    text += "last lines of the console\n";
    for (const std::string& line : result.last_lines) fmt::format_to(out, "  | {}\n", line);
    text += result.state;
  }
  if (!result.rules.clean()) text += format_violations(result.rules);
  fmt::format_to(out, "{:28} {:>14} {:>12} {:>9}\n", "milestones", "instructions", "simulated",
                 "wall");
  for (const BootResult::Milestone& stone : result.milestones) {
    fmt::format_to(out, "  {:26} {:>14} {:>9.3f} ms {:>7.2f} s\n", stone.name,
                   millions(stone.instructions), static_cast<double>(stone.simulated) / 1e9,
                   stone.seconds);
  }
  if (result.threads.size() > 1) {
    for (const BootResult::Thread& thread : result.threads) {
      fmt::format_to(out, "  thread PIR {:<#15x} {:>14} {:>12} interrupts\n", thread.pir,
                     millions(thread.instructions), thread.interrupts);
    }
  }
  if (!result.error_lines.empty()) {
    fmt::format_to(out, "{} lines of firmware at level error (docs/skiboot.md explains them)\n",
                   result.error_lines.size());
    for (const std::string& line : result.error_lines) fmt::format_to(out, "  | {}\n", line);
  }
  for (const std::string& line : result.bus_errors) fmt::format_to(out, "bus error     {}\n", line);
  if (result.bus_error_count > result.bus_errors.size()) {
    fmt::format_to(out, "bus errors    {}\n", result.bus_error_count);
  }
  for (const std::string& line : result.unimplemented) {
    fmt::format_to(out, "unimplemented {}\n", line);
  }
  for (const auto& entry : result.unknown_xscom) {
    fmt::format_to(out, "XSCOM         {:#x} is not modelled: {} reads, {} writes\n", entry.pcb,
                   entry.reads, entry.writes);
  }
  if (options.table) text += result.latency_text;
  text += result.profile_text;
  fmt::format_to(out, "rules         {}\n", rules_text(options, result.rules));
  text += faults_text(result.faults);
  fmt::format_to(out, "activity      {} device accesses, {} TIMA events, {} console characters\n",
                 result.accesses, result.tima_events, result.console_characters);
  if (result.rtl_cycles > 0) {
    fmt::format_to(out, "RTL           {} clock cycles evaluated, {} events compared\n",
                   result.rtl_cycles, result.compared_events);
  }
  fmt::format_to(out, "digest        {}\n", result.digest);
  fmt::format_to(
      out, "speed         {} instructions in {:.2f} s: {:.1f} MIPS ({:.2f} s to build)\n",
      millions(result.instructions), result.seconds, result.mips(), result.build_seconds);
  fmt::format_to(out, "by part       {}\n", to_text(result.shares));
  return text;
}

nlohmann::json to_json(const RunOptions& options, const BootResult& result) {
  nlohmann::json value = report_head(options, result.passed());
  value["configuration"].update({{"instruction_ps", options.platform.instruction_ps},
                                 {"quantum_ns", options.boot.quantum_ns},
                                 {"firmware", result.firmware},
                                 {"payload", options.boot.payload},
                                 {"tree", options.boot.tree}});
  value["end"] = to_string(result.end);
  value["exit_code"] = result.exit_code;
  value["reason"] = result.reason;
  if (!result.state.empty()) value["state"] = result.state;
  value["console"] = {{"characters", result.console_characters},
                      {"errors", result.error_lines},
                      {"last_lines", result.last_lines}};
  for (const BootResult::Milestone& stone : result.milestones) {
    value["milestones"].push_back({{"name", stone.name},
                                   {"instructions", stone.instructions},
                                   {"simulated_ns", static_cast<double>(stone.simulated) / 1000.0},
                                   {"seconds", stone.seconds}});
  }
  for (const BootResult::Thread& thread : result.threads) {
    value["threads"].push_back({{"pir", thread.pir},
                                {"instructions", thread.instructions},
                                {"interrupts", thread.interrupts}});
  }
  for (const auto& image : result.images) {
    value["images"].push_back({{"name", image.name}, {"first", image.first}, {"last", image.last}});
  }
  value["unknown_xscom"] = nlohmann::json::array();
  for (const auto& entry : result.unknown_xscom) {
    value["unknown_xscom"].push_back(
        {{"pcb", entry.pcb}, {"reads", entry.reads}, {"writes", entry.writes}});
  }
  value["bus_errors"] = {{"count", result.bus_error_count}, {"first", result.bus_errors}};
  value["unimplemented"] = result.unimplemented;
  value["rules"] = rules_json(options, result.rules);
  value["digest"] = result.digest;
  value["instructions"] = result.instructions;
  value["simulated_ns"] = static_cast<double>(result.simulated) / 1000.0;
  value["device_accesses"] = result.accesses;
  value["tima_events"] = result.tima_events;
  value["tima_errors"] = result.tima_errors;
  value["faults"] = faults_json(result.faults);
  value["rtl_cycles"] = result.rtl_cycles;
  value["compared_events"] = result.compared_events;
  value["speed"] = {{"seconds", result.seconds},
                    {"build_seconds", result.build_seconds},
                    {"mips", result.mips()},
                    {"parts", to_json(result.shares)}};
  return value;
}

std::string to_junit(const RunOptions& options, const BootResult& result) {
  Junit junit("run");
  junit.attribute("time", fmt::format("{:.3f}", result.seconds));
  junit.property("firmware", result.firmware);
  junit.property("digest", result.digest);
  junit.property("commit", options.build.commit);
  if (result.end == BootEnd::Exit && result.exit_code == 0) {
    junit.passed("run", "boot");
  } else {
    junit.failed("run", "boot", result.reason);
  }
  add_rules(options, result.rules, junit);
  return junit.text();
}

}  // namespace xive::run
