// SPDX-License-Identifier: Apache-2.0
/// What one interrupt costs in the chip model, from the trigger store to the acked PRESENT, with a
/// TIMA that costs almost nothing; and how that grows with the machine, with and without the
/// filter.
#include <benchmark/benchmark.h>

#include "sc_models/xive/test/machine.h"

namespace {

using namespace xive::ic;
using test::Machine;

void trigger_to_present(benchmark::State& state, bool rules, bool filter, bool dispatched) {
  const auto cores = static_cast<unsigned>(state.range(0));
  Machine m(Machine::Options{.cores = cores, .filter = filter});
  if (!rules) m.chip().observe(nullptr);
  m.usual_path();
  if (dispatched) m.dispatch(cores - 1, 0, 0, Machine::kVp);
  gen1::BusAccess trigger{
      .address = m.source_page(Machine::kSource, false), .size = 8, .write = true};
  gen1::BusAccess eoi{.address = m.source_page(Machine::kSource, true) + 0xc00, .size = 8};
  for (auto _ : state) {
    m.chip().access(trigger);
    m.chip().access(eoi);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(trigger_to_present, delivered, false, true, true)->Arg(2)->Arg(16);
BENCHMARK_CAPTURE(trigger_to_present, backlog, false, true, false)->Arg(2)->Arg(16);
BENCHMARK_CAPTURE(trigger_to_present, delivered_no_filter, false, false, true)->Arg(2)->Arg(16);
BENCHMARK_CAPTURE(trigger_to_present, delivered_rules, true, true, true)->Arg(2);

}  // namespace

BENCHMARK_MAIN();
