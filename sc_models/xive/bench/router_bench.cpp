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
  const auto chips = static_cast<unsigned>(state.range(0));
  const auto cores = static_cast<unsigned>(state.range(1));
  Machine m(Machine::Options{.chips = chips, .cores = cores, .filter = filter});
  if (!rules) m.chip().observe(nullptr);
  m.usual_path();
  if (dispatched) m.dispatch(chips * cores - 1, 0, 0, Machine::kVp, chips - 1);
  gen1::BusAccess trigger{
      .address = m.source_page(Machine::kSource, false), .size = 8, .write = true};
  gen1::BusAccess eoi{.address = m.source_page(Machine::kSource, true) + 0xc00, .size = 8};
  for ([[maybe_unused]] auto _ : state) {
    m.chip().access(trigger);
    m.chip().access(eoi);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["threads"] = chips * cores * 4;
}

// Arguments: chips, cores of each (4 threads).
BENCHMARK_CAPTURE(trigger_to_present, delivered, false, true, true)
    ->Args({1, 2})
    ->Args({1, 24})
    ->Args({16, 24});
BENCHMARK_CAPTURE(trigger_to_present, backlog, false, true, false)->Args({1, 2})->Args({16, 24});
BENCHMARK_CAPTURE(trigger_to_present, delivered_no_filter, false, false, true)
    ->Args({1, 2})
    ->Args({16, 24});
BENCHMARK_CAPTURE(trigger_to_present, delivered_rules, true, true, true)->Args({1, 2});

}  // namespace

BENCHMARK_MAIN();
