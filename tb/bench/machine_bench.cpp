// SPDX-License-Identifier: Apache-2.0
// Interrupts end to end, trigger store to EOI, under the mixed load: processor time of one
// interrupt by kind of TIMA. How it grows with the machine: scale_bench.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "tb/run/part_sampler.h"
#include "tb/run/tima_factory.h"

namespace xive {
namespace {

void run(benchmark::State& state, bridge::TimaKind kind, unsigned chips, unsigned cores) {
  std::uint64_t handled = 0;
  double seconds = 0;
  run::PartShares shares;
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    {
      machine::MachineConfig config;
      config.chips = chips;
      config.cores = cores;
      run::TimaSet timas(kind);
      ppc::host::FiberExecutor executor(64 * 1024);
      machine::Machine machine(config, executor, timas.factory());
      machine::DirectTables tables(machine);
      machine::LoadConfig load_config;
      load_config.triggers = std::max(40'000U, 100 * machine.threads());
      load_config.vps = 64 * chips;
      load_config.guest_sources = 128 * chips;
      // The same load for each router, however many threads make it.
      load_config.pause = 4 * platform::kMicrosecond * machine.threads() / (8 * chips);
      machine::MixedLoad load(machine, tables, load_config);
      const run::PartSampler sampler(machine.profile());
      state.ResumeTiming();
      const std::clock_t begin = std::clock();
      executor.run(10 * platform::kSecond);
      seconds += static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
      state.PauseTiming();
      shares = sampler.shares();
      const machine::LoadResult result = load.result();
      if (!result.passed()) state.SkipWithError("the load failed");
      handled += result.handled + result.escalations;
    }
    state.ResumeTiming();
  }
  const auto count = static_cast<double>(handled);
  state.counters["interrupts/s"] = count / seconds;
  state.counters["ns_per_interrupt"] = seconds * 1e9 / count;
  using machine::Part;
  state.counters["tima_percent"] = shares.of(Part::Timas);
  state.counters["router_percent"] = shares.of(Part::Routers);
  state.counters["observer_percent"] = shares.of(Part::Rules);
  state.counters["threads"] = 4.0 * chips * cores;
}

BENCHMARK_CAPTURE(run, model_8, bridge::TimaKind::Model, 1U, 2U)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, rtl_8, bridge::TimaKind::Rtl, 1U, 2U)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, lockstep_8, bridge::TimaKind::Lockstep, 1U, 2U)
    ->Unit(benchmark::kMillisecond);
}  // namespace
}  // namespace xive

BENCHMARK_MAIN();
