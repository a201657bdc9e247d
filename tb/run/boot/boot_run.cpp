// SPDX-License-Identifier: Apache-2.0
#include "tb/run/boot/boot_run.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <map>
#include <optional>
#include <ostream>

#include "sc_models/machine/powernv/powernv.h"
#include "sc_models/machine/trace/latency_table.h"
#include "sc_models/machine/trace/trip_tracer.h"
#include "sc_models/platform/image/elf.h"
#include "sc_models/platform/image/file.h"
#include "sc_models/platform/image/symbols.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "tb/host/files.h"
#include "tb/run/boot/boot_session.h"
#include "tb/run/boot/firmware_file.h"
#include "tb/run/boot/hello_payload.h"
#include "tb/run/live_rules.h"
#include "tb/run/tima_factory.h"
#include "tb/trace/firmware_profile.h"
#include "tb/trace/trace_file.h"

namespace xive::run {
namespace {

using machine::Machine;
using machine::PowerNv;

machine::PowerNvConfig platform_config(const RunOptions& options, const std::string& firmware) {
  const BootOptions& boot = options.boot;
  machine::PowerNvConfig config;
  config.firmware = firmware;
  if (boot.payload == "hello") {
    config.payload_code = hello_payload(PowerNv::kExit);
  } else {
    config.payload = payload_file(boot.payload);
  }
  config.initrd = boot.initrd;
  config.tree = boot.tree;
  config.console = boot.uart;
  config.qemu = boot.qemu;
  config.awan = boot.awan;
  config.psi = boot.psi;
  config.bootargs = boot.bootargs;
  config.unknown_xscom =
      boot.strict_xscom ? platform::UnknownXscom::Fail : platform::UnknownXscom::ReadZero;
  return config;
}

/// Firmware is linked for address 0 and copies itself; names from a file follow it there when they
/// look like that. A payload is executed in place, wherever its file was loaded.
void read_symbols(const RunOptions& options, const std::string& firmware,
                  const machine::PowerNvConfig& config, platform::SymbolTable& symbols) {
  if (options.boot.symbols.empty()) {
    symbols.read_embedded(platform::read_file(firmware), PowerNv::kFirmwareHome);
  } else {
    platform::SymbolTable probe;
    probe.read(options.boot.symbols);
    const bool low = probe.lowest() < PowerNv::kFirmwareHome;
    symbols.read(options.boot.symbols, low ? PowerNv::kFirmwareHome : 0);
  }
  if (config.payload.empty()) return;
  const auto data = platform::read_file(config.payload);
  if (!platform::is_elf(data)) return;
  const platform::ElfFile elf(data, config.payload);
  const platform::ElfSegment& first = elf.segments().front();
  const std::uint64_t delta = config.payload_address + first.file_offset - first.virtual_address;
  for (platform::ElfSymbol& symbol : elf.symbols()) {
    symbols.add(symbol.address + delta, std::move(symbol.name), symbol.size);
  }
}

void collect(Machine& machine, const PowerNv& platform, BootResult& result) {
  result.images = platform.images();
  for (const unsigned n : platform.running()) {
    const auto& statistics = machine.iss(n).statistics();
    BootResult::Thread thread;
    thread.pir = machine.pir(n);
    thread.instructions = machine.iss(n).instructions();
    thread.interrupts = statistics.asynchronous;
    result.threads.push_back(thread);
  }
  std::map<std::string, std::uint64_t> unimplemented;
  for (const unsigned n : platform.running()) {
    for (const auto& [name, count] : machine.iss(n).statistics().unimplemented) {
      unimplemented[name] += count;
    }
  }
  for (const auto& [name, count] : unimplemented) {
    result.unimplemented.push_back(fmt::format("{} x {}", name, count));
  }
  for (unsigned chip = 0; chip < machine.chips(); ++chip) {
    for (const auto& entry : machine.xscom(chip).unknown()) result.unknown_xscom.push_back(entry);
  }
  result.digest = machine.digest().text();
  result.accesses = machine.accesses();
  result.tima_events = machine.tima_events();
  result.tima_errors = machine.tima_errors().total();
  result.faults = faults_of(machine);
}

}  // namespace

std::string_view to_string(BootEnd end) {
  switch (end) {
    case BootEnd::Exit:
      return "exit";
    case BootEnd::Attention:
      return "attention";
    case BootEnd::Checkstop:
      return "checkstop";
    case BootEnd::BusError:
      return "bus error";
    case BootEnd::Watchdog:
      return "watchdog";
    case BootEnd::Limit:
      return "time limit";
    case BootEnd::Interrupted:
      return "interrupted";
    case BootEnd::Error:
      return "error";
  }
  return "?";
}

BootResult execute_boot(const RunOptions& options, std::ostream* terminal) {
  if (options.platform.timing != TransportTiming::Direct) {
    throw std::invalid_argument("platform.timing: a firmware image runs with direct timing only");
  }
  const auto start = std::chrono::steady_clock::now();
  BootResult result;
  result.firmware = options.boot.image.empty() ? find_firmware() : options.boot.image;
  const machine::PowerNvConfig config = platform_config(options, result.firmware);

  TimaSet timas(options);
  ppc::host::FiberExecutor executor(128 * 1024);
  machine::MachineConfig parts =
      powernv_machine(machine_config(options.platform, options.work.seed));
  parts.iss.quantum = options.boot.quantum_ns * platform::kNanosecond;
  Machine machine(parts, executor, timas.factory());
  std::optional<LiveRules> rules;
  if (options.work.checks) rules.emplace(machine, result.rules);
  std::optional<machine::TripTracer> tracer;
  if (options.table || !options.trace.empty()) tracer.emplace(machine);
  PowerNv platform(machine, config);
  platform::SymbolTable symbols;
  read_symbols(options, result.firmware, config, symbols);

  std::ofstream file;
  std::ostream* console = terminal;
  if (!options.boot.console.empty()) {
    file.open(options.boot.console, std::ios::binary);
    if (!file) throw platform::EnvironmentError("cannot write " + options.boot.console);
    console = &file;
  }
  BootSession session(options, machine, platform, symbols, result, console);
  std::unique_ptr<trace::TraceFile> trace;
  std::unique_ptr<trace::MachineTrace> machine_trace;
  if (!options.trace.empty()) {
    trace = std::make_unique<trace::TraceFile>(options.trace);
    machine_trace = std::make_unique<trace::MachineTrace>(*trace, machine, *tracer);
  }
  std::unique_ptr<trace::FirmwareProfile> profile;
  if (options.profile) {
    profile =
        std::make_unique<trace::FirmwareProfile>(machine, platform.running(), symbols, trace.get());
  }
  result.build_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  {
    const PartSampler sampler(machine.profile());
    session.run();
    result.shares = sampler.shares();
  }
  if (trace) trace->close();
  if (profile) result.profile_text = profile->text();
  if (rules) {
    if (result.end == BootEnd::Exit && machine.quiet()) rules->finish();
    rules->merge();
  }
  timas.merge_into(result.rules);
  collect(machine, platform, result);
  result.compared_events = timas.compared_events();
  result.rtl_cycles = timas.evaluated_cycles();
  result.switches = executor.switches();
  if (tracer) result.latency_text = latency_table(*tracer);
  return result;
}

int run_boot(const RunOptions& options, std::ostream& out, std::ostream& err) {
  const BootResult result = execute_boot(options, &out);
  out << to_text(options, result) << std::flush;
  const bool json = host::write_output(options.json, to_json(options, result).dump(2) + "\n", err);
  const bool junit = host::write_output(options.junit, to_junit(options, result), err);
  if (result.end == BootEnd::Interrupted) return 3;
  if (!result.passed()) return 1;
  return json && junit ? 0 : 3;
}

}  // namespace xive::run
