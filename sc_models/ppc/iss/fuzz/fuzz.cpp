// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/fuzz/fuzz.h"

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/instruction.h"
#include "sc_models/ppc/iss/testing.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc::iss::fuzz {
namespace {

constexpr std::uint64_t kMemory = 0x40000, kDevice = 0x6000000000000;
constexpr unsigned kThreads = 3;
constexpr std::uint64_t kRoundsPerBench = 64;

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27U) * 0x94d049bb133111ebULL;
    return z ^ z >> 31U;
  }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  bool chance(unsigned percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

/// Answers anything, or refuses.
class Device final : public platform::Target {
 public:
  explicit Device(Random& random) : random_(random) {}
  platform::Response access(const platform::Request& request) override {
    if (random_.chance(5)) {
      return platform::error_response(platform::Status::DeviceError, request);
    }
    return {.data = random_.next() & platform::all_ones(request.size),
            .latency = random_.below(100'000)};
  }

 private:
  Random& random_;
};

std::uint64_t address(Random& random) {
  switch (random.below(10)) {
    case 0:
      return random.next();
    case 1:
      return kDevice + (random.below(0x11000) & ~std::uint64_t{7});
    case 2:
      return kMemory - random.below(32);
    case 3: {  // across the end of a page
      const std::uint64_t page = random.below(kMemory) & ~std::uint64_t{0xfff};
      return page + 0xff8 + random.below(16);
    }
    case 4:
      return 0xc000000000000000 | random.below(kMemory);
    default:
      return random.below(kMemory) & ~std::uint64_t{7};
  }
}

std::uint32_t word(Random& random) {
  const auto bits = static_cast<std::uint32_t>(random.next());
  if (random.chance(4)) return bits;
  const auto rows = instructions();
  const Instruction& row = rows[random.below(rows.size())];
  if ((row.flags & kMissing) != 0 && random.chance(90)) return word(random);
  if (is_prefixed(row)) return 1U << 26U | (bits & 0x03ffffffU);
  std::uint32_t result = row.opcode | (bits & ~row.mask);
  // Short branches, or the code is left after a few instructions.
  if (row.form == Form::I) result = (result & ~0x03fffffcU) | (bits & 0x3fcU);
  if (row.form == Form::B) result = (result & ~0xfffcU) | (bits & 0x7cU);
  return result;
}

ArchState registers(Random& random) {
  ArchState state;
  for (std::uint64_t& gpr : state.gpr) gpr = random.chance(70) ? address(random) : random.next();
  state.nip = random.below(kMemory) & ~std::uint64_t{3};
  state.lr = address(random);
  state.ctr = random.chance(50) ? random.below(20) : address(random);
  state.cr = static_cast<std::uint32_t>(random.next());
  state.xer = random.next() & 0xe00c007fU;
  state.srr0 = address(random);
  state.hsrr0 = address(random);
  state.srr1 = state.hsrr1 = msr::kSf | msr::kHv | msr::kMe;
  state.msr = msr::kSf | msr::kMe;
  if (random.chance(85)) state.msr |= msr::kHv;
  if (random.chance(30)) state.msr |= msr::kLe;
  if (random.chance(40)) state.msr |= msr::kEe;
  if (random.chance(10)) state.msr |= msr::kPr;
  if (random.chance(5)) state.msr |= msr::kIr | msr::kDr;
  if (random.chance(10)) state.msr &= ~msr::kMe;
  if (random.chance(30)) state.msr |= msr::kFp | msr::kVec | msr::kVsx;
  state.lpcr = random.next();
  state.psscr = random.next();
  return state;
}

void round(Random& random, testing::Bench& bench) {
  std::vector<std::uint8_t> code(kMemory);
  const bool little = random.chance(30);
  for (std::uint64_t n = 0; n < kMemory; n += 4) {
    std::uint32_t bits = word(random);
    if (little) bits = __builtin_bswap32(bits);
    platform::to_big_endian(bits, std::span(code).subspan(n, 4));
  }
  // Most interrupts are handled: the instruction behind goes on, or the code is left at once.
  for (std::uint64_t vector = 0x100; vector < 0x1000; vector += 0x20) {
    const bool hypervisor =
        vector == 0x500 || vector == 0x980 || (vector >= 0xe00 && vector < 0xf00);
    const unsigned save = hypervisor ? spr::kHsrr0 : spr::kSrr0;
    const std::uint32_t handler[] = {testing::mfspr(31, save), testing::addi(31, 31, 4),
                                     testing::mtspr(save, 31),
                                     hypervisor ? testing::hrfid() : testing::rfid()};
    if (random.chance(20)) continue;
    for (unsigned n = 0; n < 4; ++n) {
      platform::to_big_endian(handler[n], std::span(code).subspan(vector + 4 * n, 4));
    }
  }
  bench.memory.write(0, code);
  for (unsigned n = 0; n < kThreads; ++n) {
    bench.thread(n).reset(registers(random), false, false);
    bench.thread(n).set_external(random.chance(10));
    bench.thread(n).set_hypervisor_virtualization(random.chance(10));
    HardwareThread* thread = &bench.thread(n);
    const Time when = bench.executor.now() + random.below(5'000'000);
    switch (random.below(4)) {
      case 0:
        bench.executor.at(when, [thread] { thread->direct_stop(); });
        bench.executor.at(when + 100'000, [thread] { thread->direct_start(); });
        break;
      case 1:
        bench.executor.at(when, [thread] { thread->direct_sreset(); });
        break;
      case 2:
        bench.executor.at(when,
                          [thread] { thread->set_doorbell(Cause::HypervisorDoorbell, true); });
        break;
      default:
        bench.executor.at(
            when, [thread, state = registers(random)] { thread->reset(state, false, false); });
        break;
    }
  }
  bench.run(5'000);
}

}  // namespace

Summary run(std::uint64_t seed, std::uint64_t instructions) {
  Random random(seed);
  Summary summary;
  while (summary.instructions < instructions) {
    testing::BenchConfig config;
    config.threads = kThreads;
    config.memory = kMemory;
    config.iss.quantum = random.chance(50) ? 0 : random.below(1'000'000);
    config.iss.isa = random.chance(50) ? IsaVersion::V31 : IsaVersion::V30;
    testing::Bench bench(config);
    Device device(random);
    bench.bus.map({.name = "device", .base = kDevice, .size = 0x10000, .target = &device});
    for (const auto& cpu : bench.cpus) {
      cpu->set_event_hook([](IssCpu&, const ExecutionEvent&) { return EventAction::Continue; });
    }
    for (std::uint64_t n = 0; n < kRoundsPerBench; ++n) {
      round(random, bench);
      ++summary.rounds;
      std::uint64_t total = summary.instructions;
      for (const auto& cpu : bench.cpus) {
        total += cpu->instructions();
        const ArchState& regs = cpu->thread().regs();
        for (const std::uint64_t gpr : regs.gpr) {
          summary.digest = (summary.digest ^ gpr) * 0x100000001b3ULL;
        }
        summary.digest = (summary.digest ^ regs.nip) * 0x100000001b3ULL;
      }
      if (total >= instructions) break;
    }
    for (const auto& cpu : bench.cpus) {
      summary.instructions += cpu->instructions();
      summary.interrupts += cpu->statistics().asynchronous;
      for (const auto& [vector, count] : cpu->statistics().synchronous) {
        summary.interrupts += count;
      }
      summary.device_accesses += cpu->statistics().device_accesses;
    }
  }
  return summary;
}

}  // namespace xive::ppc::iss::fuzz
