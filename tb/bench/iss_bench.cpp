// SPDX-License-Identifier: Apache-2.0
/// Instructions per second of the instruction set simulator. items_per_second is instructions.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <initializer_list>

#include "sc_models/ppc/iss/testing.h"

namespace {

using namespace xive;
using platform::Time;
using ppc::iss::testing::Bench;
using ppc::iss::testing::BenchConfig;

constexpr std::uint64_t kInstructions = 10'000'000;  ///< of one iteration, per thread

/// A hash over a table of 64 doublewords at r4: loads, stores, rotates, multiplication, a
/// data-dependent branch, a call per pass.
constexpr std::uint32_t kCompute[] = {
    0x39400000,  //     li r10,0
    0x38a00040,  // o:  li r5,64
    0x7ca903a6,  //     mtctr r5
    0x7c862378,  //     mr r6,r4
    0x38e00000,  //     li r7,0
    0xe9060000,  // i:  ld r8,0(r6)
    0x7ce74278,  //     xor r7,r7,r8
    0x78e96800,  //     rotldi r9,r7,13
    0x7ce74a14,  //     add r7,r7,r9
    0x7c283840,  //     cmpld r8,r7
    0x4180000c,  //     blt 1f
    0xf8e60000,  //     std r7,0(r6)
    0x394a0001,  //     addi r10,r10,1
    0x54e93a3e,  // 1:  rlwinm r9,r7,7,8,31
    0x7d084a14,  //     add r8,r8,r9
    0x7d0829d2,  //     mulld r8,r8,r5
    0x91060004,  //     stw r8,4(r6)
    0x38c60008,  //     addi r6,r6,8
    0x4200ffcc,  //     bdnz i
    0x48000009,  //     bl f
    0x4bffffb4,  //     b o
    0x7c0802a6,  // f:  mflr r0
    0xf8040010,  //     std r0,16(r4)
    0x394a0003,  //     addi r10,r10,3
    0xe8040010,  //     ld r0,16(r4)
    0x7c0803a6,  //     mtlr r0
    0x4e800020,  //     blr
};

/// A common counter taken with ldarx/stdcx. and lwsync.
constexpr std::uint32_t kLock[] = {
    0x3c800100,  //     lis r4,0x100
    0x7ca020a8,  // 1:  ldarx r5,0,r4
    0x38a50001,  //     addi r5,r5,1
    0x7ca021ad,  //     stdcx. r5,0,r4
    0x40c2fff4,  //     bne- 1b
    0x7c2004ac,  //     lwsync
    0x4bffffec,  //     b 1b
};

/// A load and a store of a device register.
constexpr std::uint32_t kMmio[] = {
    0x3c800006,  //     lis r4,6
    0x788407c6,  //     sldi r4,r4,32
    0x7ca026ea,  // 1:  ldcix r5,0,r4
    0x38a50001,  //     addi r5,r5,1
    0x7ca027ea,  //     stdcix r5,0,r4
    0x4bfffff4,  //     b 1b
};

class Register final : public platform::Target {
 public:
  platform::Response access(const platform::Request& request) override {
    if (request.command == platform::Command::Store) value_ = request.data;
    return {.data = value_, .latency = 100 * platform::kNanosecond};
  }

 private:
  std::uint64_t value_ = 0;
};

void execute(benchmark::State& state, std::span<const std::uint32_t> code, unsigned threads,
             Time quantum, ppc::iss::ExecutionObserver* observer = nullptr) {
  BenchConfig config;
  config.threads = threads;
  config.memory = 0x4000000;
  config.iss.quantum = quantum;
  Bench bench(config);
  Register device;
  bench.bus.map({.name = "register", .base = 0x6000000000000, .size = 8, .target = &device});
  for (unsigned n = 0; n < threads; ++n) {
    bench.place(Bench::start(n), code);
    bench.cpu(n).set_observer(observer);
    bench.regs(n).gpr[4] = 0x1000000 + 0x10000 * n;  // its own data
  }
  bench.run(1000);
  std::uint64_t before = 0, after = 0;
  for (const auto& cpu : bench.cpus) before += cpu->instructions();
  for ([[maybe_unused]] auto _ : state) bench.run(kInstructions);
  for (const auto& cpu : bench.cpus) after += cpu->instructions();
  state.SetItemsProcessed(static_cast<std::int64_t>(after - before));
}

void compute(benchmark::State& state) {
  execute(state, kCompute, static_cast<unsigned>(state.range(0)),
          static_cast<Time>(state.range(1)) * platform::kNanosecond);
}
BENCHMARK(compute)->Args({1, 0})->Args({4, 1000})->Args({4, 100})->Unit(benchmark::kMillisecond);

void lock(benchmark::State& state) {
  execute(state, kLock, static_cast<unsigned>(state.range(0)), platform::kMicrosecond);
}
BENCHMARK(lock)->Arg(1)->Arg(4)->Unit(benchmark::kMillisecond);

void mmio(benchmark::State& state) {
  execute(state, kMmio, 1, platform::kMicrosecond);
}
BENCHMARK(mmio)->Unit(benchmark::kMillisecond);

/// The instrumented loop: what a debugger or a profile costs.
void observed(benchmark::State& state) {
  ppc::iss::ExecutionObserver observer;
  execute(state, kCompute, 1, 0, &observer);
}
BENCHMARK(observed)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
