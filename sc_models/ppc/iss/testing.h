// SPDX-License-Identifier: Apache-2.0
/// A small machine for tests of the ISS: threads of one core, RAM at 0, doorbells, an executor.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/reservations.h"
#include "sc_models/platform/sparse_memory.h"
#include "sc_models/ppc/core.h"
#include "sc_models/ppc/host/doorbell_network.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/iss/iss_cpu.h"

namespace xive::ppc::iss::testing {

struct BenchConfig {
  unsigned threads = 1;
  std::uint64_t memory = 0x1000000;
  IssConfig iss{};
  ThreadConfig thread{};
  Time doorbell_latency = 50 * platform::kNanosecond;
};

/// Every thread starts in hypervisor real mode, big-endian, at 0x10000 * (n + 1).
class Bench {
 public:
  /// `other` is not owned; null: fibers.
  explicit Bench(const BenchConfig& config = {}, host::Executor* other = nullptr)
      : executor(other != nullptr ? *other : fibers),
        memory(0, config.memory),
        doorbell({.latency = config.doorbell_latency}, doorbell_statistics),
        network(executor, map, doorbell) {
    memory.set_snooper(&reservations);
    bus.map({.name = "memory",
             .base = 0,
             .size = config.memory,
             .target = &memory,
             .kind = platform::Bus::Kind::Memory});
    CoreConfig parts;
    parts.threads = config.threads;
    parts.thread = config.thread;
    core = std::make_unique<Core>(parts, executor);
    map.add(*core);
    storage = std::make_unique<Storage>(bus, memory);
    for (unsigned n = 0; n < config.threads; ++n) {
      ArchState state;
      state.nip = start(n);
      state.msr |= msr::kMe;
      core->thread(n).reset(state, false, false);
      cpus.push_back(
          std::make_unique<IssCpu>(core->thread(n), executor, order, *storage, config.iss));
    }
  }

  static std::uint64_t start(unsigned n) { return 0x10000ULL * (n + 1); }
  HardwareThread& thread(unsigned n = 0) { return core->thread(n); }
  ArchState& regs(unsigned n = 0) { return core->thread(n).engine_regs(); }
  IssCpu& cpu(unsigned n = 0) { return *cpus.at(n); }

  /// Words in the byte order of the instruction stream.
  void place(std::uint64_t address, std::initializer_list<std::uint32_t> words,
             bool little = false) {
    place(address, std::span(words.begin(), words.size()), little);
  }
  void place(std::uint64_t address, std::span<const std::uint32_t> words, bool little = false) {
    for (std::uint32_t word : words) {
      if (little) word = __builtin_bswap32(word);
      platform::store_be<4>(memory, address, word);
      address += 4;
    }
  }
  std::uint64_t word(std::uint64_t address) { return *platform::load_be<4>(memory, address); }
  std::uint64_t doubleword(std::uint64_t address) { return *platform::load_be<8>(memory, address); }
  void store(std::uint64_t address, std::uint64_t value) {
    platform::store_be<8>(memory, address, value);
  }
  /// Until `count` further instructions of thread 0 are due (of 1 ns each).
  void run(std::uint64_t count) { executor.run(executor.now() + count * platform::kNanosecond); }

  host::FiberExecutor fibers;
  host::Executor& executor;
  platform::SparseMemory memory;
  platform::Reservations reservations;
  platform::Bus bus;
  CoreMap map;
  platform::HopStatistics doorbell_statistics;
  platform::Hop doorbell;
  host::DoorbellNetwork network;
  host::SequentialOrder order{bus, network};
  std::unique_ptr<Core> core;
  std::unique_ptr<Storage> storage;
  std::vector<std::unique_ptr<IssCpu>> cpus;
};

}  // namespace xive::ppc::iss::testing
