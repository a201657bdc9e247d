// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/hardware_thread.h"

#include <gtest/gtest.h>

#include "sc_models/ppc/spr.h"
#include "sc_models/ppc/testing.h"

namespace xive::ppc {
namespace {

using testing::ManualClock;

constexpr std::uint64_t kHostEe = msr::kSf | msr::kHv | msr::kMe | msr::kEe | msr::kRi;
constexpr std::uint64_t kHost = kHostEe & ~msr::kEe;
constexpr std::uint64_t kGuestEe = kHostEe & ~msr::kHv;
constexpr std::uint64_t kAllOn = lpcr::kHvice | lpcr::kHdice | lpcr::kLd | lpcr::kWakeMask;

class Thread : public ::testing::Test {
 protected:
  Thread() {
    thread.set_msr(kHostEe);
    thread.set_lpcr(kAllOn);
    thread.set_nip(0x1000);
  }
  /// Makes `cause` exist.
  void raise(Cause cause) {
    switch (cause) {
      case Cause::SystemReset:
        thread.raise_system_reset();
        break;
      case Cause::MachineCheck:
        thread.raise_machine_check();
        break;
      case Cause::Hmi:
        privileged(spr::kHmeer, ibm_bit(0));
        thread.set_hmer(ibm_bit(0));
        break;
      case Cause::HypervisorDecrementer:
        privileged(spr::kHdec, ~std::uint64_t{0});
        break;
      case Cause::HypervisorVirtualization:
        thread.set_hypervisor_virtualization(true);
        break;
      case Cause::External:
        thread.set_external(true);
        break;
      case Cause::MediatedExternal:
        thread.set_lpcr(thread.lpcr() | lpcr::kMer);
        break;
      case Cause::Decrementer:
        privileged(spr::kDec, ~std::uint64_t{0});
        break;
      case Cause::PrivilegedDoorbell:
      case Cause::HypervisorDoorbell:
        thread.set_doorbell(cause, true);
        break;
      case Cause::PerformanceMonitor:
        thread.set_performance_monitor(true);
        break;
    }
  }
  void privileged(unsigned number, std::uint64_t value) {
    const std::uint64_t saved = thread.msr();
    // Through a state in which nothing is enabled, so that the write itself takes nothing.
    thread.set_msr(kHost);
    ASSERT_EQ(thread.mtspr(number, value), Trap::None);
    thread.set_msr(saved);
  }
  ManualClock clock;
  HardwareThread thread{ThreadConfig{}, clock};
};

TEST_F(Thread, LatchesEndWithDeliveryLevelsWithTheirSource) {
  for (const CauseInfo& entry : kCauses) {
    if (entry.cause == Cause::MediatedExternal) continue;  // guest only, below
    thread.set_msr(kHostEe);
    raise(entry.cause);
    ASSERT_TRUE(thread.interrupt_request()) << entry.name;
    const auto taken = thread.take_exception();
    ASSERT_TRUE(taken) << entry.name;
    EXPECT_EQ(taken->cause, entry.cause);
    EXPECT_EQ(thread.nip(), entry.vector);
    EXPECT_EQ(thread.msr() & msr::kEe, 0U);
    EXPECT_EQ(thread.pending().has(entry.cause), entry.cleared_by == ClearedBy::Source)
        << entry.name;
    // Remove the source.
    thread.set_external(false);
    thread.set_hypervisor_virtualization(false);
    thread.set_performance_monitor(false);
    privileged(spr::kHmer, 0);
    privileged(spr::kDec, 1000);
    privileged(spr::kHdec, 1000);
    EXPECT_TRUE(thread.pending().empty()) << entry.name;
  }
}

TEST_F(Thread, MediatedExternalReachesTheGuestOnlyAndStaysUntilMerIsCleared) {
  raise(Cause::MediatedExternal);
  EXPECT_FALSE(thread.take_exception());
  thread.set_msr(kGuestEe);
  const auto taken = thread.take_exception();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->cause, Cause::MediatedExternal);
  EXPECT_FALSE(taken->state.hsrr);
  EXPECT_EQ(thread.msr() & msr::kHv, 0U);
  EXPECT_TRUE(thread.pending().has(Cause::MediatedExternal));
}

TEST_F(Thread, MostUrgentFirstForEveryPair) {
  for (const CauseInfo& a : kCauses) {
    for (const CauseInfo& b : kCauses) {
      if (a.cause >= b.cause) continue;
      ManualClock fresh_clock;
      clock.time = 0;
      thread.reset(ArchState{}, false, false);
      thread.set_msr(kGuestEe);
      thread.set_lpcr(kAllOn | lpcr::kLpes0);
      raise(b.cause);
      raise(a.cause);
      const auto taken = thread.take_exception();
      ASSERT_TRUE(taken) << a.name << " / " << b.name;
      EXPECT_EQ(taken->cause, a.cause) << a.name << " / " << b.name;
      // Clean up everything for the next pair.
      thread.set_msr(kHostEe);
      thread.set_lpcr(kAllOn);
      thread.set_external(false);
      thread.set_hypervisor_virtualization(false);
      thread.set_performance_monitor(false);
      privileged(spr::kHmer, 0);
      privileged(spr::kDec, 1000);
      privileged(spr::kHdec, 1000);
      thread.set_msr(kHostEe);
      while (!thread.pending().empty()) {
        thread.set_msr(kHostEe);
        ASSERT_TRUE(thread.take_exception());
      }
    }
  }
}

TEST_F(Thread, DecrementerIsALevelAndEndsWhenItIsSetPositive) {
  privileged(spr::kDec, 100);
  EXPECT_FALSE(thread.interrupt_request());
  clock.time = 101 * 1953;
  thread.update_time();
  EXPECT_FALSE(thread.interrupt_request());
  clock.time = 101 * 1954;
  EXPECT_LE(thread.next_timer_edge(), clock.time);
  thread.update_time();
  EXPECT_TRUE(thread.interrupt_request());
  ASSERT_TRUE(thread.take_exception());
  EXPECT_TRUE(thread.pending().has(Cause::Decrementer));
  privileged(spr::kDec, 100);
  EXPECT_FALSE(thread.pending().has(Cause::Decrementer));
}

TEST_F(Thread, HypervisorDecrementerFiresOncePerExpiry) {
  privileged(spr::kHdec, 10);
  clock.time = 1'000'000;
  const auto taken = thread.take_exception();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->cause, Cause::HypervisorDecrementer);
  thread.set_msr(kHostEe);
  clock.time = 2'000'000;
  EXPECT_FALSE(thread.take_exception());
  privileged(spr::kHdec, 10);
  clock.time = 3'000'000;
  EXPECT_TRUE(thread.take_exception());
}

TEST_F(Thread, HypervisorDecrementerWrittenPositiveWithdraws) {
  thread.set_msr(kHost);
  privileged(spr::kHdec, ~std::uint64_t{0});
  EXPECT_TRUE(thread.pending().has(Cause::HypervisorDecrementer));
  privileged(spr::kHdec, 1000);
  EXPECT_FALSE(thread.pending().has(Cause::HypervisorDecrementer));
}

TEST_F(Thread, MachineCheckWithoutMeIsACheckstop) {
  thread.set_msr(kHostEe & ~msr::kMe);
  thread.raise_machine_check();
  EXPECT_FALSE(thread.take_exception());
  EXPECT_TRUE(thread.checkstopped());
  EXPECT_FALSE(thread.can_run());
  thread.raise_system_reset();
  EXPECT_FALSE(thread.take_exception());
  thread.reset(ArchState{}, false, false);
  EXPECT_TRUE(thread.take_exception());  // the system reset that waited
}

TEST_F(Thread, ReturnRestoresStateAndLevelInterruptsAgain) {
  thread.set_external(true);
  ASSERT_TRUE(thread.take_exception());
  EXPECT_FALSE(thread.interrupt_request());
  EXPECT_EQ(thread.regs().hsrr0, 0x1000U);
  thread.return_from_interrupt(true);
  EXPECT_EQ(thread.nip(), 0x1000U);
  EXPECT_EQ(thread.msr(), kHostEe);
  EXPECT_TRUE(thread.interrupt_request());
}

TEST_F(Thread, RefusedInstructionsNameTheirReason) {
  thread.set_msr(kGuestEe);
  const InterruptState facility = thread.take_trap(Trap::FacilityUnavailable);
  EXPECT_EQ(facility.vector, 0xf80U);
  EXPECT_TRUE(facility.hsrr);
  EXPECT_EQ(thread.regs().hfscr >> 56U, 10U);
  thread.set_msr(kGuestEe | msr::kPr);
  const InterruptState program = thread.take_trap(Trap::Privileged);
  EXPECT_EQ(program.vector, 0x700U);
  EXPECT_EQ(program.srr1 & srr1::kInfoMask, 0x40000U);
  EXPECT_EQ(thread.msr() & msr::kHv, 0U);
}

// ---- power-saving ----

TEST_F(Thread, StopWithEcWakesAtTheResetVectorWithItsReason) {
  struct Row {
    Cause cause;
    std::uint64_t reason;
    bool consumed;
  };
  constexpr Row kRows[] = {
      {Cause::SystemReset, 0x100000, true},
      {Cause::MachineCheck, 0x300000, true},
      {Cause::Hmi, 0x280000, false},
      {Cause::HypervisorVirtualization, 0x240000, false},
      {Cause::External, 0x200000, false},
      {Cause::Decrementer, 0x180000, false},
      {Cause::PrivilegedDoorbell, 0x140000, false},
      {Cause::HypervisorDoorbell, 0x0c0000, false},
  };
  for (const Row& row : kRows) {
    ManualClock own;
    HardwareThread t({}, own);
    t.set_lpcr(kAllOn);
    t.set_msr(kHost);
    t.mtspr(spr::kHmeer, ibm_bit(0));
    t.mtspr(spr::kPsscr, 0x300301);
    t.set_nip(0x2000);
    t.power_save();
    EXPECT_FALSE(t.can_run());
    EXPECT_FALSE(t.take_exception());
    switch (row.cause) {
      case Cause::SystemReset:
        t.raise_system_reset();
        break;
      case Cause::MachineCheck:
        t.raise_machine_check();
        break;
      case Cause::Hmi:
        t.set_hmer(ibm_bit(0));
        break;
      case Cause::HypervisorVirtualization:
        t.set_hypervisor_virtualization(true);
        break;
      case Cause::External:
        t.set_external(true);
        break;
      case Cause::Decrementer:
        t.mtspr(spr::kDec, ~std::uint64_t{0});
        break;
      default:
        t.set_doorbell(row.cause, true);
        break;
    }
    ASSERT_TRUE(t.can_run()) << info(row.cause).name;
    const auto taken = t.take_exception();
    ASSERT_TRUE(taken) << info(row.cause).name;
    EXPECT_TRUE(taken->wake);
    EXPECT_FALSE(t.halted());
    EXPECT_EQ(t.nip(), 0x100U);
    EXPECT_EQ(t.regs().srr0, 0x2000U);
    EXPECT_EQ(t.regs().srr1 & srr1::kWakeMask, row.reason) << info(row.cause).name;
    EXPECT_EQ(t.regs().srr1 & srr1::kLossMask, 0x10000U);
    EXPECT_EQ(t.pending().has(row.cause), !row.consumed) << info(row.cause).name;
    EXPECT_FALSE(t.take_exception());  // EE=0: nothing follows by itself
  }
}

// 5.5: a wake by doorbell followed by EE=1 without msgclr gives one extra 0xE80.
TEST_F(Thread, DoorbellStaysLatchedAfterAWake) {
  thread.set_msr(kHost);
  thread.mtspr(spr::kPsscr, 0x300301);
  thread.power_save();
  thread.set_doorbell(Cause::HypervisorDoorbell, true);
  ASSERT_TRUE(thread.take_exception());
  thread.set_msr(kHostEe);
  const auto extra = thread.take_exception();
  ASSERT_TRUE(extra);
  EXPECT_EQ(extra->state.vector, 0xe80U);
  thread.set_msr(kHostEe);
  EXPECT_FALSE(thread.take_exception());
}

TEST_F(Thread, StopWithoutEcContinuesAfterTheStopOrTakesTheInterrupt) {
  thread.set_msr(kHost);
  thread.mtspr(spr::kPsscr, 0);
  thread.set_lpcr(lpcr::kHvice);  // no wake bits: EC=0 does not look at them
  thread.power_save();
  thread.set_hypervisor_virtualization(true);
  EXPECT_TRUE(thread.can_run());
  EXPECT_FALSE(thread.take_exception());
  EXPECT_FALSE(thread.halted());
  EXPECT_EQ(thread.nip(), 0x1000U);

  thread.set_msr(kHostEe);
  thread.set_hypervisor_virtualization(false);
  thread.power_save();
  thread.set_hypervisor_virtualization(true);
  const auto taken = thread.take_exception();
  ASSERT_TRUE(taken);
  EXPECT_FALSE(taken->wake);
  EXPECT_EQ(thread.nip(), 0xea0U);
}

TEST_F(Thread, ResetThatEndsAStopSaysSoWithAndWithoutEc) {
  for (const std::uint64_t psscr_value : {std::uint64_t{0}, psscr::kEc}) {
    thread.set_msr(kHost);
    thread.mtspr(spr::kPsscr, psscr_value);
    thread.power_save();
    thread.raise_system_reset();
    ASSERT_TRUE(thread.take_exception());
    EXPECT_EQ(thread.regs().srr1 & (srr1::kWakeMask | srr1::kLossMask), 0x110000U);
  }
  thread.set_msr(kHost);
  thread.raise_system_reset();
  ASSERT_TRUE(thread.take_exception());
  EXPECT_EQ(thread.regs().srr1 & srr1::kInfoMask, 0U);
}

TEST_F(Thread, DecrementerWakesAtItsTime) {
  thread.set_msr(kHost);
  thread.mtspr(spr::kPsscr, psscr::kEc);
  thread.mtspr(spr::kDec, 511);
  thread.power_save();
  EXPECT_FALSE(thread.can_run());
  clock.time = thread.next_timer_edge();
  EXPECT_EQ(clock.time, 1'000'000U);  // 512 ticks of 512 MHz
  thread.update_time();
  EXPECT_TRUE(thread.can_run());
}

TEST_F(Thread, RunHookIsCalledWhenASleeperMayRun) {
  int calls = 0;
  thread.set_msr(kHost);
  thread.mtspr(spr::kPsscr, psscr::kEc);
  thread.power_save();
  thread.set_run_hook([&] { ++calls; });
  thread.set_performance_monitor(true);
  EXPECT_EQ(calls, 0);
  thread.set_external(true);
  EXPECT_GT(calls, 0);
}

}  // namespace
}  // namespace xive::ppc
