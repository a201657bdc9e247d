// SPDX-License-Identifier: Apache-2.0
// The quiesced state (scenarios.md 5.6, S3.1, S3.2, S3.5, S3.6).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/spr.h"
#include "sc_models/ppc/testing.h"

namespace xive::ppc {
namespace {

using testing::ManualClock;

constexpr std::uint64_t kHostEe = msr::kSf | msr::kHv | msr::kMe | msr::kEe;
constexpr std::uint64_t kHost = kHostEe & ~msr::kEe;

struct Recorder final : ThreadObserver {
  std::vector<std::string> log;
  void on_interrupt(const HardwareThread& t, const TakenInterrupt& taken) override {
    log.push_back((t.quiesced() ? "quiesced:" : "") + std::string(info(taken.cause).name));
  }
  void on_kick(const HardwareThread& t) override {
    log.push_back(t.quiesced() ? "quiesced:kick" : "kick");
  }
};

// quiesced x halted x paused x cause pending: runs only in (0, 0 or woken, 0).
TEST(Quiesced, TruthTableOfSixteenStates) {
  for (unsigned state = 0; state < 16; ++state) {
    const bool quiesced = (state & 8U) != 0, halted = (state & 4U) != 0;
    const bool paused = (state & 2U) != 0, cause = (state & 1U) != 0;
    ManualClock clock;
    HardwareThread thread({}, clock);
    thread.set_msr(kHostEe);
    thread.set_lpcr(lpcr::kHvice | lpcr::kWakeMask);
    thread.mtspr(spr::kPsscr, psscr::kEc);
    if (halted) thread.power_save();
    if (quiesced) thread.direct_stop();
    if (paused) thread.pause(true);
    if (cause) thread.set_hypervisor_virtualization(true);
    EXPECT_EQ(thread.can_run(), !quiesced && !paused && (!halted || cause)) << state;
    EXPECT_EQ(thread.take_exception().has_value(), !quiesced && !paused && cause) << state;
    EXPECT_EQ(thread.interrupt_request(), thread.expected_request()) << state;
  }
}

struct RaisedCause {
  const char* name;
  void (*raise)(HardwareThread&);
  Cause cause;
};

const RaisedCause kRaised[] = {
    {"DEC", [](HardwareThread& t) { t.mtspr(spr::kDec, ~std::uint64_t{0}); }, Cause::Decrementer},
    {"HDEC", [](HardwareThread& t) { t.mtspr(spr::kHdec, ~std::uint64_t{0}); },
     Cause::HypervisorDecrementer},
    {"HV doorbell", [](HardwareThread& t) { t.set_doorbell(Cause::HypervisorDoorbell, true); },
     Cause::HypervisorDoorbell},
    {"privileged doorbell", [](HardwareThread& t) { t.mtspr(spr::kDpdes, 1); },
     Cause::PrivilegedDoorbell},
    {"External", [](HardwareThread& t) { t.set_external(true); }, Cause::External},
    {"HV line", [](HardwareThread& t) { t.set_hypervisor_virtualization(true); },
     Cause::HypervisorVirtualization},
    {"HMI", [](HardwareThread& t) { t.set_hmer(ibm_bit(0)); }, Cause::Hmi},
    {"machine check", [](HardwareThread& t) { t.raise_machine_check(); }, Cause::MachineCheck},
    {"system reset", [](HardwareThread& t) { t.raise_system_reset(); }, Cause::SystemReset},
};

// S3.2: every set of causes (2^9) against a stopped thread, with every single wake bit and all.
TEST(Quiesced, NothingIsDeliveredToAStoppedThreadAndEverythingAfterStart) {
  constexpr std::uint64_t kWakePatterns[] = {0, lpcr::kDee, lpcr::kHvee, lpcr::kWakeMask};
  for (unsigned set = 0; set < (1U << 9U); ++set) {
    const std::uint64_t wake_bits = kWakePatterns[set % 4];
    ManualClock clock;
    HardwareThread thread({}, clock);
    Recorder recorder;
    thread.observe(recorder);
    thread.set_lpcr(lpcr::kHvice | lpcr::kHdice | lpcr::kWakeMask);
    thread.mtspr(spr::kHmeer, ibm_bit(0));
    thread.stop_self();
    EXPECT_EQ(thread.lpcr() & lpcr::kWakeMask, 0U);
    // S3.1, S3.7: a copy of LPCR comes back with wake bits set; it must not matter.
    thread.set_lpcr(thread.lpcr() | wake_bits);
    CauseSet expected;
    for (unsigned i = 0; i < 9; ++i) {
      if ((set >> i & 1U) == 0) continue;
      kRaised[i].raise(thread);
      expected.set(kRaised[i].cause);
    }
    EXPECT_FALSE(thread.can_run()) << set;
    EXPECT_FALSE(thread.take_exception()) << set;
    EXPECT_FALSE(thread.interrupt_request()) << set;
    EXPECT_TRUE(recorder.log.empty()) << set << " " << recorder.log.front();
    EXPECT_EQ(thread.pending(), expected) << set;

    ASSERT_TRUE(thread.start_cpu(0x4000, 0x1234, lpcr::kHvice | lpcr::kHdice | lpcr::kLpes0, 0));
    EXPECT_EQ(thread.nip(), 0x4000U);
    EXPECT_EQ(thread.gpr(3), 0x1234U);
    EXPECT_EQ(thread.msr(), msr::kSf | msr::kMe);
    EXPECT_EQ(thread.regs().psscr & psscr::kEc, 0U);
    EXPECT_FALSE(thread.halted());
    // Pending ones are taken in priority order as soon as they are enabled.
    const std::uint64_t everything = msr::kSf | msr::kMe | msr::kEe;
    for (const CauseInfo& entry : kCauses) {
      if (!expected.has(entry.cause)) continue;
      thread.set_msr(everything);
      const auto taken = thread.take_exception();
      ASSERT_TRUE(taken) << set << " " << entry.name;
      EXPECT_EQ(taken->cause, entry.cause) << set;
      // Quiet the level so that the next one can be seen.
      thread.set_msr(kHost);
      if (entry.cause == Cause::Hmi) thread.mtspr(spr::kHmer, 0);
      if (entry.cause == Cause::External) thread.set_external(false);
      if (entry.cause == Cause::HypervisorVirtualization) {
        thread.set_hypervisor_virtualization(false);
      }
      if (entry.cause == Cause::Decrementer) thread.mtspr(spr::kDec, 1000);
    }
    thread.set_msr(everything);
    EXPECT_FALSE(thread.take_exception()) << set;
  }
}

TEST(Quiesced, StartCpuRefusesARunningOrCededThreadAndChangesNothing) {
  ManualClock clock;
  HardwareThread thread({}, clock);
  thread.set_gpr(3, 7);
  const ArchState before = thread.regs();
  EXPECT_FALSE(thread.start_cpu(0x4000, 1, 0, 5));
  EXPECT_EQ(thread.regs(), before);
  thread.power_save();
  EXPECT_FALSE(thread.start_cpu(0x4000, 1, 0, 5));
  EXPECT_EQ(thread.regs(), before);
  EXPECT_TRUE(thread.halted());
  EXPECT_EQ(thread.generation(), 0U);
}

TEST(Quiesced, TimeGoesOnWhileStopped) {
  ManualClock clock;
  HardwareThread thread({}, clock);
  thread.mtspr(spr::kDec, 1000);
  thread.stop_self();
  clock.time = platform::kMillisecond;
  thread.update_time();
  EXPECT_TRUE(thread.pending().has(Cause::Decrementer));
  EXPECT_FALSE(thread.interrupt_request());
  thread.start_cpu(0, 0, 0, 0x1000000);
  EXPECT_TRUE(thread.pending().has(Cause::Decrementer));  // scenarios.md section 7, point 12
  std::uint64_t dec = 0;
  thread.set_msr(kHost);
  ASSERT_EQ(thread.mfspr(spr::kDec, dec), Trap::None);
  EXPECT_EQ(dec,
            (std::uint64_t{1000} - 512'000) & 0xffffffffU);  // the offset of TB did not move it
}

TEST(Quiesced, StopWaitsForTheInstructionInProgress) {
  ManualClock clock;
  HardwareThread thread({}, clock);
  thread.begin_instruction();
  thread.direct_stop();
  EXPECT_FALSE(thread.quiesced());
  thread.end_instruction();
  EXPECT_TRUE(thread.quiesced());
  EXPECT_EQ(thread.retired(), 1U);
}

TEST(Quiesced, PauseAndResumeFromOutsideDoNotStartAStoppedThread) {
  ManualClock clock;
  HardwareThread stopped({}, clock), ceded({}, clock);
  stopped.stop_self();
  ceded.power_save();
  for (int i = 0; i < 3; ++i) {
    for (HardwareThread* t : {&stopped, &ceded}) {
      t->pause(true);
      t->pause(false);
      EXPECT_FALSE(t->can_run());
    }
  }
  ceded.set_external(true);
  EXPECT_TRUE(ceded.can_run());
}

TEST(Quiesced, ResetKnobLetsSystemResetThrough) {
  ManualClock clock;
  ThreadConfig config;
  config.reset_passes_quiesced = true;
  HardwareThread thread(config, clock);
  thread.stop_self();
  thread.raise_system_reset();
  EXPECT_FALSE(thread.quiesced());
  const auto taken = thread.take_exception();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->cause, Cause::SystemReset);
}

TEST(Quiesced, SresetIsTheFirstExceptionAfterTheStop) {
  ManualClock clock;
  HardwareThread thread({}, clock);
  thread.set_lpcr(lpcr::kHvice | lpcr::kHdice);
  thread.set_msr(kHostEe);
  thread.direct_stop();
  for (const RaisedCause& entry : kRaised) {
    if (entry.cause != Cause::SystemReset && entry.cause != Cause::MachineCheck) {
      entry.raise(thread);
    }
  }
  thread.direct_sreset();
  EXPECT_FALSE(thread.quiesced());
  const auto first = thread.take_exception();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->cause, Cause::SystemReset);
  EXPECT_EQ(thread.nip(), 0x100U);
  EXPECT_FALSE(thread.take_exception());
  thread.set_msr(kHostEe);
  EXPECT_TRUE(thread.take_exception());
}

// Each fault must show in exactly the way the scenarios describe.
TEST(QuiescedFaults, RequestIgnoresTheFlag) {
  ManualClock clock;
  ThreadConfig config;
  config.faults.request_ignores_quiesced = true;
  HardwareThread thread(config, clock);
  Recorder recorder;
  thread.observe(recorder);
  thread.stop_self();
  thread.set_lpcr(thread.lpcr() | lpcr::kDee);
  thread.mtspr(spr::kDec, ~std::uint64_t{0});
  EXPECT_EQ(recorder.log, (std::vector<std::string>{"quiesced:kick"}));
  EXPECT_FALSE(thread.can_run());
}

TEST(QuiescedFaults, OnlyLpcrKeepsTheThreadDown) {
  ManualClock clock;
  ThreadConfig config;
  config.faults.run_ignores_quiesced = true;
  HardwareThread thread(config, clock);
  Recorder recorder;
  thread.observe(recorder);
  thread.stop_self();
  thread.set_doorbell(Cause::HypervisorDoorbell, true);
  EXPECT_FALSE(thread.can_run());
  thread.set_lpcr(thread.lpcr() | lpcr::kPecedh);
  ASSERT_TRUE(thread.take_exception());
  EXPECT_EQ(recorder.log.back(), "quiesced:hypervisor doorbell");
}

TEST(QuiescedFaults, RequestNotRecomputedOnStart) {
  ManualClock clock;
  ThreadConfig config;
  config.faults.no_recompute = true;
  HardwareThread thread(config, clock);
  thread.set_lpcr(lpcr::kHvice | lpcr::kWakeMask);
  thread.set_msr(kHost);
  thread.mtspr(spr::kPsscr, psscr::kEc);
  thread.power_save();
  thread.direct_stop();
  thread.set_hypervisor_virtualization(true);
  thread.direct_start();
  EXPECT_TRUE(thread.expected_request());
  EXPECT_FALSE(thread.interrupt_request());
  EXPECT_FALSE(thread.can_run());  // sleeps on
}

TEST(QuiescedFaults, InterruptSlipsInWhileStopping) {
  ManualClock clock;
  ThreadConfig config;
  config.faults.flag_after_pause = true;
  HardwareThread thread(config, clock);
  Recorder recorder;
  thread.observe(recorder);
  thread.set_lpcr(lpcr::kHvice);
  thread.set_msr(kHostEe);
  thread.direct_stop();
  thread.set_hypervisor_virtualization(true);
  ASSERT_TRUE(thread.take_exception());
  EXPECT_EQ(recorder.log.back(), "quiesced:hypervisor virtualization");
  EXPECT_FALSE(thread.can_run());  // once only
}

TEST(QuiescedFaults, SresetWithoutClearingTheFlagIsLost) {
  ManualClock clock;
  ThreadConfig config;
  config.faults.sreset_keeps_quiesced = true;
  HardwareThread thread(config, clock);
  thread.direct_stop();
  thread.direct_sreset();
  EXPECT_FALSE(thread.take_exception());
}

TEST(QuiescedFaults, SresetAfterTheOthers) {
  ManualClock clock;
  ThreadConfig config;
  config.faults.sreset_last = true;
  HardwareThread thread(config, clock);
  thread.set_lpcr(lpcr::kHvice);
  thread.set_msr(kHostEe);
  thread.direct_stop();
  thread.set_hypervisor_virtualization(true);
  thread.direct_sreset();
  const auto taken = thread.take_exception();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->cause, Cause::HypervisorVirtualization);
}

}  // namespace
}  // namespace xive::ppc
