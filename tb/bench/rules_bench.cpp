// SPDX-License-Identifier: Apache-2.0
/// What the rules cost an event: recorded traffic is told to them again and again.
#include <benchmark/benchmark.h>

#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/rules/rules.h"
#include "sc_models/tima/rules/testing/recording.h"
#include "sc_models/tima/rules/testing/traffic.h"

namespace {

using namespace xive;
using namespace xive::tima;

/// Listens and does nothing: the cost of telling alone.
class Deaf final : public Observer {
 public:
  void on_event(const Event& event) override { benchmark::DoNotOptimize(event.cycle); }
};

struct Traffic {
  StaticInputs inputs;
  testing::Recording recording;
};

const Traffic& traffic() {
  static const Traffic value = [] {
    ReferencePort port(Params{});
    testing::Recorder recorder;
    port.observe(&recorder);
    testing::Traffic source(port, 1);
    source.run(4'000);  // small enough for the caches: the rules are measured, not the memory
    return Traffic{source.inputs(), recorder.recording()};
  }();
  return value;
}

void count(benchmark::State& state) {
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(traffic().recording.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_Telling(benchmark::State& state) {
  Deaf deaf;
  for ([[maybe_unused]] auto _ : state) {
    testing::tell(traffic().recording, deaf);
  }
  count(state);
}
BENCHMARK(BM_Telling);

void BM_Rules(benchmark::State& state) {
  RuleBook book;
  Rules rules(Params{}, book);
  rules.configure(traffic().inputs);
  // The recording begins with a reset thread, and so it ends: it can be told again from the start.
  Event reset;
  reset.kind = EventKind::Reset;
  for ([[maybe_unused]] auto _ : state) {
    rules.on_event(reset);
    testing::tell(traffic().recording, rules);
  }
  if (!book.clean()) {
    state.SkipWithError("a rule fired on right behaviour");
  }
  count(state);
}
BENCHMARK(BM_Rules);

}  // namespace

BENCHMARK_MAIN();
