// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/direct_controls.h"

#include <gtest/gtest.h>

#include "sc_models/platform/xscom.h"
#include "sc_models/ppc/special_wakeup.h"
#include "sc_models/ppc/spr.h"
#include "sc_models/ppc/testing.h"

namespace xive::ppc {
namespace {

using testing::ManualClock;

constexpr std::uint64_t kHostEe = msr::kSf | msr::kHv | msr::kMe | msr::kEe;

class Direct : public ::testing::TestWithParam<CoreGeneration> {
 protected:
  Direct() {
    CoreConfig config;
    config.core = 5;
    config.first_pir = 20;
    core = std::make_unique<Core>(config, clock);
    controls = std::make_unique<DirectControls>(*core, GetParam());
    router.map(DirectControls::base(GetParam(), 5), DirectControls::size(GetParam()), *controls,
               "core 5");
    router.map(SpecialWakeup::base(GetParam(), 5), SpecialWakeup::size(GetParam()), wakeup,
               "wakeup 5");
    for (unsigned t = 0; t < 4; ++t) {
      core->thread(t).set_msr(kHostEe);
      core->thread(t).set_lpcr(lpcr::kHvice);
    }
  }
  std::uint64_t get(std::uint32_t offset) {
    std::uint64_t value = 0;
    EXPECT_TRUE(router.read(DirectControls::base(GetParam(), 5) + offset, value));
    return value;
  }
  void control(std::uint64_t bits) {
    EXPECT_TRUE(router.write(DirectControls::base(GetParam(), 5) + regs.direct_controls, bits));
  }
  /// The question firmware asks.
  bool quiesced(unsigned t) {
    const std::uint64_t mask =
        GetParam() == CoreGeneration::P9
            ? ibm_bit(0 + 8 * t) | ibm_bit(1 + 8 * t) | ibm_bit(2 + 8 * t) | ibm_bit(3 + 8 * t)
            : ibm_bit(0 + 8 * t) | ibm_bit(1 + 8 * t);
    return (get(regs.ras_status) & mask) == mask;
  }
  ManualClock clock;
  std::unique_ptr<Core> core;
  std::unique_ptr<DirectControls> controls;
  SpecialWakeup wakeup{GetParam()};
  platform::XscomRouter router{0, platform::UnknownXscom::Fail};
  DirectControls::Registers regs = DirectControls::registers(GetParam());
};

TEST_P(Direct, StopInspectStartPerThread) {
  for (unsigned t = 0; t < 4; ++t) {
    HardwareThread& thread = core->thread(t);
    EXPECT_EQ(get(regs.ras_status), 0U);
    control(ibm_bit(7 + 8 * t));
    for (unsigned other = 0; other < 4; ++other) EXPECT_EQ(quiesced(other), other == t);
    thread.set_hypervisor_virtualization(true);
    thread.set_doorbell(Cause::HypervisorDoorbell, true);
    EXPECT_FALSE(thread.take_exception());
    EXPECT_EQ(thread.retired(), 0U);
    control(ibm_bit(6 + 8 * t));
    EXPECT_FALSE(quiesced(t));
    const auto taken = thread.take_exception();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->cause, Cause::HypervisorVirtualization);
    thread.set_hypervisor_virtualization(false);
  }
  EXPECT_EQ(controls->unknown_bits(), 0U);
}

TEST_P(Direct, StateRegistersShowPowerSaving) {
  EXPECT_EQ(get(regs.thread_state), 0U);
  EXPECT_EQ(get(regs.thread_info), 0xf000000000000000U);
  core->thread(1).power_save();
  EXPECT_EQ(get(regs.thread_state), ibm_bit(57));
  EXPECT_EQ(get(regs.thread_info), 0xb000000000000000U);
  // A sleeping thread has an empty completion table but is not quiesced.
  EXPECT_FALSE(quiesced(1));
  EXPECT_NE(get(regs.ras_status) & ibm_bit(10), 0U);
  control(ibm_bit(15));
  EXPECT_TRUE(quiesced(1));
  control(ibm_bit(11));  // clear maintenance
  EXPECT_FALSE(quiesced(1));
  EXPECT_TRUE(core->thread(1).halted());
}

TEST_P(Direct, SresetOfAStoppedThread) {
  control(ibm_bit(7 + 16));
  control(ibm_bit(4 + 16));
  EXPECT_FALSE(quiesced(2));
  const auto taken = core->thread(2).take_exception();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->cause, Cause::SystemReset);
}

TEST_P(Direct, StatusTellsWhenTheInstructionIsComplete) {
  core->thread(0).begin_instruction();
  control(ibm_bit(7));
  EXPECT_FALSE(quiesced(0));
  core->thread(0).end_instruction();
  EXPECT_TRUE(quiesced(0));
}

TEST_P(Direct, UnknownBitsAndRegistersAreReported) {
  control(ibm_bit(32));
  EXPECT_EQ(controls->unknown_bits(), ibm_bit(32));
  std::uint64_t value = 0;
  EXPECT_FALSE(router.read(DirectControls::base(GetParam(), 5) + 1, value));
  EXPECT_FALSE(router.read(DirectControls::base(GetParam(), 4) + regs.ras_status, value));
  EXPECT_EQ(router.unknown().size(), 2U);
}

TEST_P(Direct, SpecialWakeupIsDoneAtOnce) {
  const bool p9 = GetParam() == CoreGeneration::P9;
  const std::uint32_t request = p9 ? 0x10d : 0x83c, status = p9 ? 0x114 : 0x82c;
  const std::uint32_t base = SpecialWakeup::base(GetParam(), 5);
  std::uint64_t value = 1;
  ASSERT_TRUE(router.read(base + status, value));
  EXPECT_EQ(value, 0U);
  ASSERT_TRUE(router.write(base + request, ibm_bit(0)));
  ASSERT_TRUE(router.read(base + status, value));
  EXPECT_EQ(value, ibm_bit(1));
  if (!p9) {
    ASSERT_TRUE(router.read(base + request, value));
    EXPECT_EQ(value, ibm_bit(0) | ibm_bit(4));
  }
}

INSTANTIATE_TEST_SUITE_P(Generations, Direct,
                         ::testing::Values(CoreGeneration::P9, CoreGeneration::P10),
                         [](const auto& param) {
                           return param.param == CoreGeneration::P9 ? "P9" : "P10";
                         });

TEST(DirectAddresses, AreTheOnesFirmwareUses) {
  EXPECT_EQ(DirectControls::base(CoreGeneration::P9, 0), 0x20000000U);
  EXPECT_EQ(DirectControls::base(CoreGeneration::P9, 23), 0x37000000U);
  EXPECT_EQ(DirectControls::base(CoreGeneration::P10, 0), 0x20028000U);
  EXPECT_EQ(DirectControls::base(CoreGeneration::P10, 7), 0x21021000U);
  // scenarios and firmware logs name these for core 0.
  EXPECT_EQ(SpecialWakeup::base(CoreGeneration::P9, 0) + 0x10d, 0x200f010dU);
  EXPECT_EQ(SpecialWakeup::base(CoreGeneration::P10, 0) + 0x83c, 0x200e883cU);
}

TEST(DirectFused, SecondChipletControlsTheUpperThreads) {
  ManualClock clock;
  CoreConfig config;
  config.threads = 8;
  Core core(config, clock);
  DirectControls upper(core, CoreGeneration::P10, 4);
  upper.write(0x449, ibm_bit(7 + 8));
  EXPECT_TRUE(core.thread(5).quiesced());
  EXPECT_FALSE(core.thread(1).quiesced());
}

}  // namespace
}  // namespace xive::ppc
