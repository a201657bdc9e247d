// SPDX-License-Identifier: Apache-2.0
/// What the machine around the TIMA costs: memory, address decode, TLM transport in both timings,
/// context switches, firmware operations and interrupts on a host CPU.
#include <benchmark/benchmark.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/sparse_memory.h"
#include "sc_models/platform/tlm/bus_face.h"
#include "sc_models/platform/tlm/initiator_face.h"
#include "sc_models/platform/tlm/target_face.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/host/testing.h"
#include "sc_models/ppc/testing.h"
#include "sc_models/ppc/tlm/systemc_executor.h"

namespace {

using namespace xive;
using platform::Command;
using platform::Request;

constexpr std::uint64_t kMemorySize = 0x4000000;
constexpr int kBatch = 1000;  ///< operations in one start of the SystemC kernel

// ---------------------------------------------------------------- memory and bus

void memory_load64(benchmark::State& state) {
  platform::SparseMemory memory(0, kMemorySize);
  std::uint64_t address = 0;
  for ([[maybe_unused]] auto _ : state) {
    memory.access({.command = Command::Store, .address = address, .data = address});
    benchmark::DoNotOptimize(memory.access({.address = address}));
    address = (address + 0x1008) & (kMemorySize - 8);
  }
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(memory_load64);

void memory_block64(benchmark::State& state) {
  platform::SparseMemory memory(0, kMemorySize);
  std::array<std::uint8_t, 64> line{};
  std::uint64_t address = 0;
  for ([[maybe_unused]] auto _ : state) {
    memory.write(address, line);
    benchmark::DoNotOptimize(memory.read(address, line));
    address = (address + 0x1040) & (kMemorySize - 64);
  }
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(memory_block64);

/// `windows` memories side by side; the access pattern jumps among `state.range(1)` of them.
void bus_access(benchmark::State& state) {
  platform::SparseMemory memory(0, kMemorySize);
  platform::Bus bus;
  const auto windows = static_cast<std::uint64_t>(state.range(0));
  const auto used = static_cast<std::uint64_t>(state.range(1));
  for (std::uint64_t w = 0; w < windows; ++w) {
    bus.map({.name = std::to_string(w), .base = w << 16U, .size = 0x8000, .target = &memory});
  }
  std::uint64_t n = 0;
  for ([[maybe_unused]] auto _ : state) {
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): no benchmark below has 0 windows.
    benchmark::DoNotOptimize(bus.access({.address = (n++ % used * 7 % windows) << 16U}));
  }
}
BENCHMARK(bus_access)->Args({1, 1})->Args({16, 1})->Args({16, 16})->Args({256, 256});

// ---------------------------------------------------------------- TLM

/// initiator -> target, and initiator -> bus -> target.
struct Path {
  Path(const std::string& name, platform::Timing timing, bool dmi, bool through_bus)
      : initiator((name + "_initiator").c_str(), timing, dmi),
        target((name + "_target").c_str(), memory) {
    if (through_bus) {
      bus = std::make_unique<platform::BusFace>((name + "_bus").c_str());
      initiator.socket.bind(bus->target_socket);
      bus->initiator_socket.bind(target.socket);
      bus->map(0, {.name = "memory", .base = 0, .size = kMemorySize});
    } else {
      initiator.socket.bind(target.socket);
    }
  }
  platform::SparseMemory memory{0, kMemorySize, 10'000};
  platform::InitiatorFace initiator;
  platform::TargetFace target;
  std::unique_ptr<platform::BusFace> bus;
};

std::vector<std::unique_ptr<Path>> paths;  // loose, loose+bus, direct, approximate, approximate+bus
constexpr std::array kPathNames = {"b_transport", "b_transport_bus", "dmi", "nb_transport",
                                   "nb_transport_bus"};

void run_in_kernel(const std::function<void()>& body) {
  sc_core::sc_spawn(body, sc_core::sc_gen_unique_name("bench"));
  sc_core::sc_start();
}

void tlm_access(benchmark::State& state) {
  Path& path = *paths[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(kPathNames[static_cast<std::size_t>(state.range(0))]);
  for ([[maybe_unused]] auto _ : state) {
    run_in_kernel([&] {
      for (int i = 0; i < kBatch; ++i) {
        Request request;
        request.address = static_cast<std::uint64_t>(i) * 8;
        request.time = platform::to_time(sc_core::sc_time_stamp());
        benchmark::DoNotOptimize(path.initiator.access(request));
      }
    });
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(tlm_access)->DenseRange(0, 4);

// ---------------------------------------------------------------- switches

void fiber_switch(benchmark::State& state) {
  ppc::host::FiberExecutor executor;
  bool end = false;
  for (int i = 0; i < 2; ++i) {
    executor.spawn("a", [&] {
      while (!end) executor.wait_until(executor.now() + 10);
    });
  }
  executor.run(1000);
  platform::Time until = 1000;
  const std::uint64_t before = executor.switches();
  for ([[maybe_unused]] auto _ : state) executor.run(until += 10 * kBatch);
  state.SetItemsProcessed(static_cast<std::int64_t>(executor.switches() - before));
  end = true;
}
BENCHMARK(fiber_switch);

void systemc_switch(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    for (int agent = 0; agent < 2; ++agent) {
      sc_core::sc_spawn([] {
        for (int i = 0; i < kBatch; ++i) sc_core::wait(10, sc_core::SC_PS);
      });
    }
    sc_core::sc_start();
  }
  state.SetItemsProcessed(state.iterations() * 2 * kBatch);
}
BENCHMARK(systemc_switch);

// ---------------------------------------------------------------- hardware thread and firmware

void thread_line_change(benchmark::State& state) {
  ppc::testing::ManualClock clock;
  ppc::HardwareThread thread({}, clock);
  bool level = false;
  for ([[maybe_unused]] auto _ : state) thread.set_external(level = !level);
}
BENCHMARK(thread_line_change);

void thread_interrupt(benchmark::State& state) {
  ppc::testing::ManualClock clock;
  ppc::HardwareThread thread({}, clock);
  thread.set_msr(ppc::msr::kSf | ppc::msr::kHv | ppc::msr::kEe);
  for ([[maybe_unused]] auto _ : state) {
    thread.set_external(true);
    benchmark::DoNotOptimize(thread.take_exception());
    thread.set_external(false);
    thread.return_from_interrupt(true);
  }
}
BENCHMARK(thread_interrupt);

/// `state.range(0)` threads run loads and stores; quantum range(1) ps.
void firmware_operations(benchmark::State& state) {
  ppc::host::FiberExecutor executor;
  ppc::host::testing::MachineConfig config;
  config.threads = static_cast<unsigned>(state.range(0));
  config.cpu.quantum = static_cast<platform::Time>(state.range(1));
  ppc::host::testing::Machine machine(executor, config);
  for (unsigned n = 0; n < config.threads; ++n) {
    machine.program(n, [n](ppc::host::Cpu& cpu) {
      for (;;) {
        cpu.store64(0x8000 + 8 * n, cpu.load64(0x8000 + 8 * n) + 1);
        cpu.execute(8);
      }
    });
  }
  platform::Time until = 0;
  const auto operations = [&] {
    std::uint64_t count = 0;
    for (unsigned n = 0; n < config.threads; ++n) count += machine.thread(n).retired();
    return count;
  };
  for ([[maybe_unused]] auto _ : state) machine.run(until += 10 * platform::kMicrosecond);
  state.SetItemsProcessed(static_cast<std::int64_t>(operations()));
}
BENCHMARK(firmware_operations)->Args({1, 0})->Args({4, 0})->Args({4, 1'000'000});

/// Doorbell from thread 0 to thread 1 and back: two messages, two interrupts.
void firmware_doorbell_round_trip(benchmark::State& state) {
  ppc::host::FiberExecutor executor;
  ppc::host::testing::Machine machine(executor, {});
  std::int64_t rounds = 0;
  for (unsigned n = 0; n < 2; ++n) {
    machine.program(n, [&, n](ppc::host::Cpu& cpu) {
      cpu.set_handler(ppc::host::VectorSpace::Host, 0xe80,
                      [&, n](ppc::host::Cpu& inner, ppc::host::InterruptFrame&) {
                        inner.msgsync();
                        rounds += n == 0 ? 1 : 0;
                        inner.msgsnd(ppc::encode_msgsnd(1 - n));
                      });
      cpu.set_ee(true);
      if (n == 0) cpu.msgsnd(ppc::encode_msgsnd(1));
      for (;;) cpu.delay(platform::kMillisecond);
    });
  }
  platform::Time until = 0;
  for ([[maybe_unused]] auto _ : state) machine.run(until += 100 * platform::kMicrosecond);
  state.SetItemsProcessed(rounds);
}
BENCHMARK(firmware_doorbell_round_trip);

/// A step of one of `range(0)` agents that all wait for the same four times of a nanosecond.
void agents_in_step(benchmark::State& state) {
  ppc::host::FiberExecutor executor(64 * 1024);
  std::int64_t steps = 0;
  for (int n = 0; n < state.range(0); ++n) {
    executor.spawn("agent", [&, n] {
      executor.wait_until(static_cast<platform::Time>(n % 4) * 200);
      for (;; ++steps) executor.wait_until(executor.now() + platform::kMicrosecond);
    });
  }
  platform::Time until = 0;
  for ([[maybe_unused]] auto _ : state) executor.run(until += 10 * platform::kMicrosecond);
  state.SetItemsProcessed(steps);
}
BENCHMARK(agents_in_step)->Arg(8)->Arg(96)->Arg(1536);

}  // namespace

int sc_main(int argc, char** argv) {
  using platform::Timing;
  paths.push_back(std::make_unique<Path>("loose", Timing::Loose, false, false));
  paths.push_back(std::make_unique<Path>("loose_bus", Timing::Loose, false, true));
  paths.push_back(std::make_unique<Path>("direct", Timing::Loose, true, true));
  paths.push_back(std::make_unique<Path>("approximate", Timing::Approximate, false, false));
  paths.push_back(std::make_unique<Path>("approximate_bus", Timing::Approximate, false, true));
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

int main(int argc, char** argv) {
  return sc_core::sc_elab_and_sim(argc, argv);
}
