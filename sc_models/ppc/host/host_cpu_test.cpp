// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/host_cpu.h"

#include <gtest/gtest.h>

#include <vector>

#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/host/testing.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc::host {
namespace {

using platform::kMicrosecond;
using platform::kMillisecond;
using platform::kNever;
using testing::Machine;
using testing::MachineConfig;

constexpr std::uint64_t kHostEe = msr::kSf | msr::kHv | msr::kMe | msr::kEe;

class Firmware : public ::testing::TestWithParam<Time> {  // quantum
 protected:
  Firmware() : machine(executor, config()) {}
  static MachineConfig config() {
    MachineConfig result;
    result.cpu.quantum = GetParam();
    return result;
  }
  FiberExecutor executor;
  Machine machine;
};

INSTANTIATE_TEST_SUITE_P(Quantum, Firmware, ::testing::Values(0, 100'000, 1'000'000));

TEST_P(Firmware, OperationsTakeTheirTime) {
  Time before = 0, after = 0;
  machine.program(0, [&](Cpu& cpu) {
    before = cpu.now();
    cpu.store64(0x100, 0x1122334455667788);
    EXPECT_EQ(cpu.load8(0x100), 0x11U);
    EXPECT_EQ(cpu.load16(0x106), 0x7788U);
    EXPECT_EQ(cpu.load32(0x100), 0x11223344U);
    cpu.execute(100);
    after = cpu.now();
  });
  machine.run(kMillisecond);
  EXPECT_EQ(after - before, 4 * (10'000 + 500) + 100 * 500U);
  EXPECT_EQ(machine.thread(0).retired(), 104U);
  EXPECT_EQ(machine.thread(0).nip(), 4 * 104U);
  EXPECT_TRUE(machine.cpu(0).finished());
}

TEST_P(Firmware, WaitingTakesInterruptsUntilNudged) {
  std::vector<Time> handled;
  Time went_on = 0;
  bool ready = false;
  machine.program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x500, [&](Cpu& inner, InterruptFrame&) {
      handled.push_back(inner.now());
      machine.thread(0).set_external(false);
    });
    cpu.mtmsr(kHostEe);
    machine.cpu(0).wait_until([&] { return ready; });
    went_on = cpu.now();
    machine.cpu(0).wait_until([] { return true; });
    EXPECT_EQ(cpu.now(), went_on);
  });
  executor.at(20 * kMicrosecond, [&] { machine.thread(0).set_external(true); });
  executor.at(30 * kMicrosecond, [&] { machine.cpu(0).nudge(); });  // for nothing
  executor.at(40 * kMicrosecond, [&] {
    ready = true;
    machine.cpu(0).nudge();
  });
  machine.run(kMillisecond);
  ASSERT_EQ(handled.size(), 1U);
  EXPECT_EQ(handled[0], 20 * kMicrosecond);
  EXPECT_EQ(went_on, 40 * kMicrosecond);
  EXPECT_TRUE(machine.cpu(0).finished());
}

TEST_P(Firmware, LineInterruptsLongComputation) {
  std::vector<Time> at;
  machine.program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x500, [&](Cpu& inner, InterruptFrame& frame) {
      at.push_back(inner.now());
      EXPECT_EQ(frame.vector, 0x500U);
      EXPECT_EQ(frame.cause, Cause::External);
      EXPECT_TRUE(frame.hsrr);
      EXPECT_EQ(inner.mfmsr() & msr::kEe, 0U);
      machine.thread(0).set_external(false);
    });
    cpu.set_ee(true);
    cpu.execute(10'000);
    EXPECT_EQ(machine.thread(0).msr(), kHostEe);
  });
  executor.at(kMicrosecond, [&] { machine.thread(0).set_external(true); });
  machine.run(kMillisecond);
  ASSERT_EQ(at.size(), 1U);
  // Late by at most the quantum: the work was already done.
  EXPECT_GE(at[0], kMicrosecond);
  EXPECT_LE(at[0], kMicrosecond + GetParam() + 1000);
  EXPECT_EQ(machine.cpu(0).interrupts_taken(), 1U);
}

TEST_P(Firmware, DecrementerInterruptsDelayOnTime) {
  Time taken = 0, end = 0;
  machine.program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x900, [&](Cpu& inner, InterruptFrame&) {
      taken = inner.now();
      inner.mtspr(spr::kDec, 0x7fffffff);
    });
    cpu.mtspr(spr::kDec, 5119);  // 5120 ticks of 512 MHz: 10 us
    cpu.set_ee(true);
    cpu.delay(50 * kMicrosecond);
    end = cpu.now();
  });
  machine.run(kMillisecond);
  EXPECT_NEAR(static_cast<double>(taken), 10e6, 5e3);
  EXPECT_NEAR(static_cast<double>(end), 50e6, 10e3);
}

TEST_P(Firmware, DoorbellPingPong) {
  constexpr int kRounds = 20;
  int pings = 0, pongs = 0;
  const auto player = [&](unsigned self, unsigned peer, int& count, bool serve) {
    machine.program(self, [&, peer, serve](Cpu& cpu) {
      cpu.set_handler(VectorSpace::Host, 0xe80, [&, peer, serve](Cpu& inner, InterruptFrame&) {
        inner.msgsync();
        inner.lwsync();
        if (++count < kRounds || !serve) inner.msgsnd(encode_msgsnd(peer));
      });
      cpu.set_ee(true);
      if (serve) cpu.msgsnd(encode_msgsnd(peer));
      while (count < kRounds) cpu.delay(kMicrosecond);
    });
  };
  player(0, 1, pings, true);
  player(1, 0, pongs, false);
  machine.run(100 * kMillisecond);
  EXPECT_EQ(pings, kRounds);
  EXPECT_EQ(pongs, kRounds);
  EXPECT_EQ(machine.network.in_flight(), 0U);
  EXPECT_EQ(machine.network.undeliverable(), 0U);
}

TEST_P(Firmware, LockKeepsCountersExact) {
  constexpr std::uint64_t kLock = 0x1000, kCounter = 0x2000;
  for (unsigned n = 0; n < 4; ++n) {
    machine.program(n, [](Cpu& cpu) {
      for (int i = 0; i < 50; ++i) {
        for (;;) {
          if (cpu.load_reserve(kLock, 8) == 0 && cpu.store_conditional(kLock, 8, 1)) break;
          cpu.execute(10);
        }
        cpu.isync();
        const std::uint64_t value = cpu.load64(kCounter);
        cpu.execute(7);
        cpu.store64(kCounter, value + 1);
        cpu.lwsync();
        cpu.store64(kLock, 0);
      }
    });
  }
  machine.run(kMillisecond * 100);
  EXPECT_EQ(platform::load_be<8>(machine.memory, kCounter), 200U);
}

TEST_P(Firmware, StopWakesByDoorbellWithItsReason) {
  std::vector<std::uint64_t> reasons;
  machine.program(1, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x100, [&](Cpu& inner, InterruptFrame& frame) {
      EXPECT_TRUE(frame.wake);
      reasons.push_back(frame.srr1 & (srr1::kWakeMask | srr1::kLossMask));
      inner.msgclr(kDoorbellTypeField);
    });
    cpu.mtspr(spr::kLpcr, lpcr::kPecedh);
    cpu.mtspr(spr::kPsscr, 0x300301);
    cpu.stop();
    cpu.store64(0x3000, cpu.now());
  });
  machine.program(0, [&](Cpu& cpu) {
    cpu.delay(20 * kMicrosecond);
    cpu.msgsnd(encode_msgsnd(1));
  });
  machine.run(kMillisecond);
  EXPECT_EQ(reasons, (std::vector<std::uint64_t>{0x0d0000}));
  const auto woke = platform::load_be<8>(machine.memory, 0x3000);
  EXPECT_GE(*woke, 20 * kMicrosecond);
  EXPECT_LE(*woke, 21 * kMicrosecond);
}

TEST_P(Firmware, StopSelfAndStartCpuBeginAnotherProgram) {
  struct Guard {
    int& count;
    ~Guard() { ++count; }
  };
  int unwound = 0, started = 0;
  bool before_stop = false;
  machine.program(1, [&](Cpu& cpu) {
    const Guard guard{unwound};
    before_stop = true;
    cpu.stop_self();
  });
  machine.programs[0x9000] = [&](Cpu& cpu) {
    ++started;
    EXPECT_EQ(cpu.gpr(3), 0x77U);
    EXPECT_EQ(machine.thread(1).msr(), msr::kSf | msr::kMe);
  };
  machine.program(0, [&](Cpu& cpu) {
    cpu.delay(10 * kMicrosecond);
    EXPECT_TRUE(before_stop);
    EXPECT_TRUE(machine.thread(1).quiesced());
    EXPECT_EQ(started, 0);
    EXPECT_TRUE(machine.thread(1).start_cpu(0x9000, 0x77, 0, 0));
    EXPECT_FALSE(machine.thread(1).start_cpu(0x9000, 0x77, 0, 0));
  });
  machine.run(kMillisecond);
  EXPECT_EQ(unwound, 1);
  EXPECT_EQ(started, 1);
}

TEST_P(Firmware, DirectStopHoldsTheProgramAndStartResumesIt) {
  std::uint64_t counter = 0, frozen = 0;
  machine.program(1, [&](Cpu& cpu) {
    while (counter < 1000) {
      ++counter;
      cpu.execute(20);
    }
  });
  machine.program(0, [&](Cpu& cpu) {
    cpu.delay(2 * kMicrosecond);
    machine.thread(1).direct_stop();
    frozen = counter;
    EXPECT_GT(frozen, 0U);
    EXPECT_LT(frozen, 1000U);
    cpu.delay(50 * kMicrosecond);
    // Inside a quantum the thread may already have been ahead; it does not go on.
    EXPECT_LE(counter, frozen + 1);
    machine.thread(1).direct_start();
  });
  machine.run(kMillisecond);
  EXPECT_EQ(counter, 1000U);
}

TEST_P(Firmware, BusErrorIsAMachineCheckUnlessProbed) {
  int checks = 0;
  machine.program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x200, [&](Cpu& inner, InterruptFrame& frame) {
      ++checks;
      EXPECT_EQ(inner.mfspr(spr::kDar), 0x900000U);
      EXPECT_EQ(frame.srr1 & msr::kMe, msr::kMe);
    });
    EXPECT_EQ(cpu.probe(0x900000, 8), std::nullopt);
    EXPECT_EQ(checks, 0);
    EXPECT_EQ(cpu.load32(0x900000), 0xffffffffU);
    EXPECT_EQ(checks, 1);
    cpu.store8(0x900000, 1);
    EXPECT_EQ(checks, 2);
    EXPECT_EQ(cpu.probe(0x100, 8), 0U);
  });
  machine.run(kMillisecond);
  EXPECT_TRUE(machine.cpu(0).finished());
}

TEST_P(Firmware, RefusedInstructionsReachTheirHandlers) {
  std::vector<std::uint64_t> vectors;
  machine.program(0, [&](Cpu& cpu) {
    const auto note = [&](Cpu&, InterruptFrame& frame) { vectors.push_back(frame.vector); };
    cpu.set_handler(VectorSpace::Host, 0xf80, note);
    cpu.set_handler(VectorSpace::Guest, 0x700, note);
    cpu.mtmsr(msr::kSf | msr::kMe);  // guest state
    cpu.msgsndp(encode_msgsndp(0));
    cpu.msgsnd(encode_msgsnd(0));
    cpu.mtspr(spr::kLpcr, 0);
    cpu.msgsync();
    EXPECT_EQ(machine.thread(0).msr(), msr::kSf | msr::kMe);
  });
  machine.run(kMillisecond);
  EXPECT_EQ(vectors, (std::vector<std::uint64_t>{0xf80, 0x700, 0x700, 0x700}));
}

TEST_P(Firmware, UnhandledInterruptNamesThreadAndVector) {
  machine.program(2, [&](Cpu& cpu) {
    cpu.set_ee(true);
    cpu.execute(1000);
  });
  executor.at(100'000, [&] { machine.thread(2).set_external(true); });
  try {
    machine.run(kMillisecond);
    FAIL();
  } catch (const UnhandledInterrupt& error) {
    EXPECT_NE(std::string(error.what()).find("thread 0x2 took 0x500 (external)"), std::string::npos)
        << error.what();
  }
}

TEST_P(Firmware, HandlerMayChangeWhereItReturnsTo) {
  machine.program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x500, [&](Cpu&, InterruptFrame& frame) {
      machine.thread(0).set_external(false);
      frame.srr1 &= ~msr::kEe;
    });
    cpu.set_ee(true);
    machine.thread(0).set_external(true);
    cpu.execute(1);
    EXPECT_EQ(machine.thread(0).msr() & msr::kEe, 0U);
  });
  machine.run(kMillisecond);
  EXPECT_TRUE(machine.cpu(0).finished());
}

TEST_P(Firmware, NestedInterruptKeepsBothReturnPoints) {
  std::vector<std::uint64_t> order;
  machine.program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0xe80, [&](Cpu& inner, InterruptFrame&) {
      order.push_back(1);
      inner.set_ee(true);
      machine.thread(0).set_hypervisor_virtualization(true);
      inner.execute(3);
      order.push_back(3);
    });
    cpu.set_handler(VectorSpace::Host, 0xea0, [&](Cpu&, InterruptFrame&) {
      order.push_back(2);
      machine.thread(0).set_hypervisor_virtualization(false);
    });
    cpu.mtspr(spr::kLpcr, lpcr::kHvice);
    cpu.set_ee(true);
    machine.thread(0).set_doorbell(Cause::HypervisorDoorbell, true);
    cpu.execute(1);
    order.push_back(4);
    EXPECT_EQ(machine.thread(0).msr(), kHostEe);
  });
  machine.run(kMillisecond);
  EXPECT_EQ(order, (std::vector<std::uint64_t>{1, 2, 3, 4}));
}

TEST(HostCpu, MissingProgramIsNamed) {
  FiberExecutor executor;
  Machine machine(executor, {});
  machine.programs.erase(0x2000);
  EXPECT_THROW(machine.run(kMillisecond), std::out_of_range);
}

// With quantum 0 a thread runs ahead only as far as nobody can tell: same result as switching at
// every instruction.
TEST(HostCpu, RunningAheadIsInvisible) {
  const auto run = [](bool disturb) {
    FiberExecutor executor;
    Machine machine(executor, {});
    std::vector<std::pair<unsigned, Time>> log;
    for (unsigned n = 0; n < 3; ++n) {
      machine.program(n, [&, n](Cpu& cpu) {
        for (int i = 0; i < 20; ++i) {
          cpu.store64(0x100 * (n + 1), cpu.load64(0x100 * (n + 1)) + 1);
          cpu.execute(17 + 3 * n);
          log.emplace_back(n, cpu.now());
        }
      });
    }
    if (disturb) {
      // Something happens at every instruction boundary, so nobody ever runs ahead.
      for (Time t = 0; t < 2 * kMicrosecond; t += 500) executor.at(t, [] {});
    }
    machine.run(kMillisecond);
    return log;
  };
  auto calm = run(false), disturbed = run(true);
  std::sort(calm.begin(), calm.end());
  std::sort(disturbed.begin(), disturbed.end());
  EXPECT_EQ(calm, disturbed);
}

}  // namespace
}  // namespace xive::ppc::host
