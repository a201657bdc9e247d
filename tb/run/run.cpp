// SPDX-License-Identifier: Apache-2.0
#include "tb/run/run.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <ostream>

#include "sc_models/machine/rules/thread_rules.h"
#include "sc_models/machine/trace/latency_table.h"
#include "tb/host/files.h"
#include "tb/run/boot/boot_run.h"
#include "tb/run/kernel.h"
#include "tb/run/live_rules.h"
#include "tb/run/tima_factory.h"
#include "tb/run/timing_result.h"
#include "tb/trace/trace_file.h"

namespace xive::run {
namespace {

using WallClock = std::chrono::steady_clock;

double seconds_since(WallClock::time_point begin) {
  return std::chrono::duration<double>(WallClock::now() - begin).count();
}

}  // namespace

RunResult execute(const RunOptions& options) {
  RunResult result;
  const auto start = WallClock::now();
  TimaSet timas(options);
  const std::shared_ptr<Kernel> kernel = make_kernel(options.platform.timing, options.work.checks);
  ppc::host::Executor& executor = kernel->executor();
  machine::MachineConfig config = machine_config(options.platform, options.work.seed);
  kernel->connect(config);
  machine::Machine machine(config, executor, timas.factory());
  kernel->attach(machine);
  std::optional<LiveRules> rules;
  std::optional<machine::ThreadRules> thread_rules;
  if (options.work.checks) {
    rules.emplace(machine, result.rules);
    thread_rules.emplace(machine, result.rules);
  }
  machine::TripTracer tracer(machine);
  const machine::FlowCounter flow(machine);
  std::unique_ptr<trace::TraceFile> trace;
  std::unique_ptr<trace::MachineTrace> machine_trace;
  if (!options.trace.empty()) {
    trace = std::make_unique<trace::TraceFile>(options.trace);
    machine_trace = std::make_unique<trace::MachineTrace>(*trace, machine, tracer);
  }
  const std::unique_ptr<Firmware> firmware = make_firmware(options.work.firmware);
  result.firmware = firmware->name();
  if (rules) firmware->watch(rules->machine());
  firmware->boot(machine, options.work.checks ? &result.rules : nullptr);
  firmware->suite();
  firmware->load(load_config(options.work));
  result.build_seconds = seconds_since(start);

  const auto begin = WallClock::now();
  {
    const PartSampler sampler(machine.profile());
    try {
      executor.run(static_cast<platform::Time>(options.work.limit_s * 1e12));
    } catch (const std::exception& error) {
      result.error = error.what();
    }
    result.shares = sampler.shares();
  }
  result.seconds = seconds_since(begin);
  if (trace) trace->close();

  const platform::Time last_activity = machine.last_activity();
  result.report = firmware->report();
  if (result.error.empty() && !result.report.finished) {
    result.report.failures.insert(
        result.report.failures.begin(),
        fmt::format("did not come to its end within {} s of simulated time (run.limit_s), last "
                    "activity at {:.6g} s",
                    options.work.limit_s, static_cast<double>(last_activity) / 1e12));
  }
  if (rules) {
    if (result.error.empty() && result.report.finished) {
      rules->finish();
      thread_rules->finish();
    }
    rules->merge();
  }
  timas.merge_into(result.rules);
  kernel->merge_into(result.rules);
  result.digest = machine.digest().text();
  result.accesses = machine.accesses();
  result.tima_events = machine.tima_events();
  result.compared_events = timas.compared_events();
  result.rtl_cycles = timas.evaluated_cycles();
  result.switches = kernel->switches();
  result.simulated = last_activity;
  result.latency_text = latency_table(tracer);
  result.latency = latency_json(tracer);
  result.hops = hops_json(machine, last_activity);
  result.flow = flow_json(flow, machine);
  result.faults = faults_of(machine);
  return result;
}

int run_machine(const RunOptions& options, std::ostream& out, std::ostream& err) {
  if (options.work.firmware == FirmwareKind::Skiboot) return run_boot(options, out, err);
  RunResult result = execute(options);
  out << to_text(options, result);
  const bool json = host::write_output(options.json, to_json(options, result).dump(2) + "\n", err);
  const bool junit = host::write_output(options.junit, to_junit(options, result), err);
  if (!result.passed()) return 1;
  return json && junit ? 0 : 3;
}

}  // namespace xive::run
