// SPDX-License-Identifier: Apache-2.0
/// A small machine for tests of firmware on HostCpu: cores, memory, doorbells and an executor.
#pragma once

#include <memory>
#include <vector>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/reservations.h"
#include "sc_models/platform/sparse_memory.h"
#include "sc_models/ppc/core.h"
#include "sc_models/ppc/host/doorbell_network.h"
#include "sc_models/ppc/host/host_cpu.h"

namespace xive::ppc::host::testing {

struct MachineConfig {
  unsigned cores = 1;
  unsigned threads = 4;
  HostCpuConfig cpu{};
  Time memory_latency = 10'000;
  Time message_latency = 50'000;
  ThreadConfig thread{};
};

/// Thread n starts in hypervisor state at program address n * 0x1000. `access`, when given, stands
/// between the CPUs and the bus (a TLM face, a tap).
class Machine {
 public:
  static constexpr std::uint64_t kMemorySize = 0x100000;

  Machine(Executor& executor, const MachineConfig& config, platform::Target* access = nullptr)
      : executor_(executor),
        doorbell_({.latency = config.message_latency}, statistics_),
        network(executor, map, doorbell_) {
    memory.set_snooper(&reservations);
    bus.map({.name = "memory",
             .base = 0,
             .size = kMemorySize,
             .target = &memory,
             .kind = platform::Bus::Kind::Memory,
             .latency = config.memory_latency});
    for (unsigned c = 0; c < config.cores; ++c) {
      CoreConfig core;
      core.core = c;
      core.first_pir = c * config.threads;
      core.threads = config.threads;
      core.thread = config.thread;
      cores.push_back(std::make_unique<Core>(core, executor));
      map.add(*cores.back());
    }
    order = std::make_unique<SequentialOrder>(access != nullptr ? *access : bus, network);
    for (unsigned n = 0; n < config.cores * config.threads; ++n) {
      ArchState state;
      state.nip = 0x1000 * n;
      state.msr |= msr::kMe;
      thread(n).reset(state, false, false);
      cpus.push_back(
          std::make_unique<HostCpu>(thread(n), executor, *order, bus, programs, config.cpu));
      programs[state.nip] = [](Cpu&) {};
    }
  }

  HardwareThread& thread(unsigned n) { return *map.find(n); }
  HostCpu& cpu(unsigned n) { return *cpus.at(n); }
  /// What thread n does from its start.
  void program(unsigned n, std::function<void(Cpu&)> body) {
    programs[0x1000 * n] = std::move(body);
  }
  void run(Time until) { executor_.run(until); }

 private:
  Executor& executor_;
  platform::HopStatistics statistics_;
  platform::Hop doorbell_;

 public:
  platform::SparseMemory memory{0, kMemorySize};
  platform::Reservations reservations;
  platform::Bus bus;
  std::vector<std::unique_ptr<Core>> cores;
  CoreMap map;
  DoorbellNetwork network;
  std::unique_ptr<SequentialOrder> order;
  ProgramTable programs;
  std::vector<std::unique_ptr<HostCpu>> cpus;
};

}  // namespace xive::ppc::host::testing
