// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::DirectMachine;
using testing::Rig;
using testing::RigOptions;

RigOptions chips(unsigned n) {
  RigOptions options;
  options.machine.chips = n;
  return options;
}

TEST(IrqInfo, AllocatedNumber) {
  Rig rig;
  // One boot IPI for each of the four threads, from 0x10.
  ASSERT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}), 0x14);
  const auto info = rig.irq_info(0x14);
  EXPECT_EQ(info.rc, rc::kSuccess);
  EXPECT_EQ(info.flags, irq_flag::kTriggerPage);
  EXPECT_EQ(info.eoi, 0x6010000290000U);
  EXPECT_EQ(info.trigger, 0x6010000280000U);
  EXPECT_EQ(info.shift, 17U);
  EXPECT_EQ(info.chip, 0U);
}

TEST(IrqInfo, ValuesOfOneThread) {
  RigOptions options;
  options.machine.threads = 1;
  Rig rig(options);
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}), 0x11);
  const auto info = rig.irq_info(0x11);
  EXPECT_EQ(info.eoi, 0x6010000230000U);
  EXPECT_EQ(info.trigger, 0x6010000220000U);
  const auto config = rig.irq_config(0x11);
  EXPECT_EQ(config.prio, 0xffU);
  EXPECT_EQ(config.lirq, 0x11U);
}

TEST(IrqInfo, KindsOfSources) {
  for (const Fault fault : {Fault::None, Fault::B15TriggerPages, Fault::B17StoreEoiEnabled}) {
    RigOptions options;
    options.fault = fault;
    Rig rig(options);
    const auto base = rig.firmware.allocate_hw_irqs(rig.cpus[0], 0, 14);
    ASSERT_TRUE(base);
    EXPECT_EQ(*base, 0xff0U);  // 16-aligned from the top
    rig.firmware.register_source({.first_girq = *base,
                                  .count = 14,
                                  .esb = DirectMachine::source_unit_address(0),
                                  .first_lsi = 8,
                                  .msi_trigger = true});
    const auto msi = rig.irq_info(*base + 1);
    EXPECT_EQ(msi.flags, 0U);
    EXPECT_EQ(msi.eoi, DirectMachine::kSourceUnit + 0x10000);
    EXPECT_EQ(msi.trigger == msi.eoi, fault != Fault::B15TriggerPages);
    EXPECT_EQ(msi.shift, 16U);
    const auto lsi = rig.irq_info(*base + 8);
    EXPECT_EQ(lsi.flags, irq_flag::kLsi);
    EXPECT_EQ(lsi.trigger, 0U);
    const auto escalation = rig.irq_info(girq::escalation(0, 14));
    EXPECT_EQ(escalation.eoi, hw::kVcBase + hw::kEndPages + 14 * hw::kPair + hw::kPage);
    EXPECT_EQ(escalation.flags == 0 && escalation.trigger == 0, fault != Fault::B15TriggerPages);
    EXPECT_EQ(escalation.shift, 17U);
    // Store EOI is off by policy: neither offered nor switched on.
    const auto ipi = rig.irq_info(0x20);
    EXPECT_EQ((ipi.flags & irq_flag::kStoreEoi) == 0, fault != Fault::B17StoreEoiEnabled);
    EXPECT_EQ((rig.load(hw::kIcBase + hw::kSbcConfig, 8) & hw::kStoreEoi) == 0,
              fault != Fault::B17StoreEoiEnabled);
  }
}

TEST(IrqInfo, WrongArguments) {
  Rig rig;
  EXPECT_EQ(rig.call(Token::XiveGetIrqInfo, {0x20, 0, Rig::at(1), Rig::at(2)}), rc::kParameter);
  EXPECT_EQ(rig.irq_info(kNoIrq).rc, rc::kParameter);
  EXPECT_EQ(rig.irq_info(0x100000).rc, rc::kParameter);  // block 1 is not there
  EXPECT_EQ(rig.irq_info(girq::escalation(1, 8)).rc, rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveGetIrqInfo, {0x20, Rig::at(0), 0, 0, 0, 0}), rc::kSuccess);
  RigOptions emulation;
  emulation.exploitation = false;
  Rig other(emulation);
  EXPECT_EQ(other.irq_info(0x20).rc, rc::kWrongState);
}

TEST(IrqConfig, RoutesUnmasksAndMasks) {
  Rig rig;
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 2, 6, 0x1234}), rc::kSuccess);
  // Thread 2 has the third END set.
  EXPECT_EQ(rig.eas(0, 0x14), 0x8000001e00001234U);
  auto config = rig.irq_config(irq);
  // The END is not a queue yet, and says nothing about its target.
  EXPECT_EQ(config.lirq, 0x1234U);
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {2, 6, Rig::kQueues, 16, 3}), rc::kSuccess);
  config = rig.irq_config(irq);
  EXPECT_EQ(config.vp, 2U);
  EXPECT_EQ(config.prio, 6U);
  // Masked: priority 7's END, entry stays.
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 2, 0xff, 0x1234}), rc::kSuccess);
  EXPECT_EQ(rig.eas(0, 0x14), 0x8000001f80001234U);
  EXPECT_EQ(rig.irq_config(irq).prio, 0xffU);
  EXPECT_EQ(rig.violation(), "");
}

TEST(IrqConfig, DeliversAndMasks) {
  Rig rig;
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  const auto info = rig.irq_info(irq);
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 3}), rc::kSuccess);
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0, 6, 0x1234}), rc::kSuccess);
  rig.store(hw::kTmBase + 0x10031, 1, 0xff);
  EXPECT_EQ(rig.load(info.eoi + 0xc00, 8), 1U);  // was off
  rig.store(info.trigger, 8, 0);
  EXPECT_EQ(rig.machine.be(Rig::kQueues, 4), 0x80001234U);
  EXPECT_TRUE(rig.machine.hv_line(0));
  EXPECT_EQ(rig.load(info.eoi + 0x800, 8), 2U);
  EXPECT_EQ(rig.load(hw::kTmBase + 0x10830, 2), 0x8006U);
  rig.store(info.trigger, 8, 0);  // before the EOI: remembered, not queued
  EXPECT_EQ(rig.load(info.eoi + 0x800, 8), 3U);
  EXPECT_EQ(rig.machine.be(Rig::kQueues + 4, 4), 0U);
  EXPECT_EQ(rig.load(info.eoi, 8), 1U);
  EXPECT_EQ(rig.machine.be(Rig::kQueues + 4, 4), 0x80001234U);
  const auto state = rig.queue_state(0, 6);
  EXPECT_EQ(state.toggle, 1U);
  EXPECT_EQ(state.index, 2U);
  rig.load(info.eoi, 8);
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0, 0xff, 0x1234}), rc::kSuccess);
  rig.store(info.trigger, 8, 0);
  EXPECT_EQ(rig.machine.be(Rig::kQueues + 8, 4), 0U);
  EXPECT_EQ(rig.violation(), "");
}

TEST(IrqConfig, WrongArguments) {
  Rig rig;
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {kNoIrq, 0, 6, 1}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq + 1, 0, 6, 1}), rc::kParameter);  // not valid
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 77, 6, 1}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 77, 0xff, 1}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0, 8, 1}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0x41000000, 0, 1}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0x80000000, 0, 1}), rc::kParameter);
  EXPECT_EQ(rig.irq_config(irq + 1).rc, rc::kParameter);
  EXPECT_EQ(rig.irq_config(kNoIrq).rc, rc::kParameter);
  EXPECT_EQ(rig.eas(0, 0x14), 0x8000000080000014U);  // untouched
  EXPECT_EQ(rig.call(Token::XiveReset, {kModeEmulation}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0, 6, 1}), rc::kWrongState);
  EXPECT_EQ(rig.irq_config(irq).rc, rc::kWrongState);
}

TEST(IrqConfig, EscalationCannotBeMasked) {
  Rig rig;
  const std::uint64_t escalation = girq::escalation(0, 14);
  EXPECT_EQ(rig.irq_config(escalation).rc, rc::kParameter);  // nobody has routed it
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 7}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {escalation, 1, 5, 0x77}), rc::kSuccess);
  EXPECT_EQ(rig.end_word(0, 14, 4) & 0x0fffffffU, 0x15U);
  EXPECT_EQ(rig.end_word(0, 14, 5), 0x77U);
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {escalation, 1, 0xff, 0x78}), rc::kSuccess);
  EXPECT_EQ(rig.end_word(0, 14, 4) & 0x0fffffffU, 0x15U);  // old END
  EXPECT_EQ(rig.end_word(0, 14, 5), 0x78U);
  EXPECT_EQ(rig.irq_config(escalation).lirq, 0x78U);
  // The rest of the END is as it was.
  EXPECT_EQ(rig.end_word(0, 14, 0), 0xf4040000U);
  EXPECT_EQ(rig.queue_info(0, 6).page, Rig::kQueues);
  EXPECT_EQ(rig.violation(), "");
}

TEST(AllocateIrq, ExhaustsEveryChip) {
  // Scenario S5.9: 4 numbers on each of 2 chips.
  RigOptions options = chips(2);
  options.allocatable_irqs = 4;
  Rig rig(options);
  for (unsigned n = 0; n < 4; ++n) EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {0}), 0x14 + n);
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {0}), rc::kResource);
  for (unsigned n = 0; n < 4; ++n) {
    EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}), 0x100004 + n);
  }
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}), rc::kResource);
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {0x15}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {0x15}), rc::kParameter);  // twice
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}), 0x15);
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {7}), rc::kParameter);
  EXPECT_TRUE(rig.undocumented.empty());
}

TEST(AllocateIrq, WholeRangeOfAChip) {
  Rig rig;
  std::int64_t result = 0;
  unsigned count = 0;
  while ((result = rig.call(Token::XiveAllocateIrq, {kAnyChip})) >= 0) ++count;
  EXPECT_EQ(result, rc::kResource);
  EXPECT_EQ(count, 4096U - 0x14U);
  EXPECT_FALSE(rig.firmware.allocate_hw_irqs(rig.cpus[0], 0, 1));
}

TEST(AllocateIrq, OwnChipFirst) {
  Rig rig(chips(2));
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}, 5), 0x100004);
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}, 0), 0x14);
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {1}, 0), 0x100005);
}

TEST(AllocateIrq, MarkerIsCaught) {
  RigOptions options = chips(2);
  options.allocatable_irqs = 1;
  options.fault = Fault::B1MarkerAsIrq;
  Rig rig(options);
  rig.call(Token::XiveAllocateIrq, {0});
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {0}), 0xffffffff);
  ASSERT_EQ(rig.undocumented.size(), 1U);  // CHK-RC
  // The caller of "any" never gets to the second chip either.
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {kAnyChip}), 0xffffffff);
  EXPECT_EQ(rig.firmware.usage(1).free_irqs, 1U);
  EXPECT_EQ(rig.irq_info(0xffffffff).rc, rc::kParameter);
}

TEST(AllocateIrq, AnyThatStopsIsCaught) {
  for (const Fault fault : {Fault::None, Fault::B2AnyChipIsFirst}) {
    RigOptions options = chips(2);
    options.allocatable_irqs = 1;
    options.fault = fault;
    Rig rig(options);
    EXPECT_GT(rig.call(Token::XiveAllocateIrq, {kAnyChip}), 0);
    const bool failed = rig.call(Token::XiveAllocateIrq, {kAnyChip}) < 0;
    const bool left = rig.firmware.usage(1).free_irqs != 0;
    EXPECT_EQ(failed && left, fault == Fault::B2AnyChipIsFirst);
  }
}

TEST(FreeIrq, MasksWhateverItIsGiven) {
  Rig rig;
  const std::uint64_t faults_before = rig.machine.chip().fir().total();
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  const auto info = rig.irq_info(irq);
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0, 6, 1}), rc::kSuccess);
  rig.load(info.eoi + 0xc00, 8);
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {irq}), rc::kSuccess);
  EXPECT_EQ(rig.load(info.eoi + 0x800, 8), 1U);
  EXPECT_EQ(rig.eas(0, 0x14), 0x8000000080000000U);
  // Not allocated: masked all the same, then refused.
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {0x30}), rc::kParameter);
  EXPECT_EQ(rig.eas(0, 0x30), 0x8000000080000000U);
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {0x10}), rc::kParameter);  // a boot IPI
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {girq::escalation(0, 14)}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {kNoIrq}), rc::kParameter);
  EXPECT_EQ(rig.machine.chip().fir().total(), faults_before);
}

TEST(FreeIrq, LateTriggerIsNoFault) {
  for (const Fault fault : {Fault::None, Fault::B7FreedEasInvalid}) {
    RigOptions options;
    options.fault = fault;
    Rig rig(options);
    const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
    const auto info = rig.irq_info(irq);
    rig.call(Token::XiveFreeIrq, {irq});
    // A sender that still has the page open arms and triggers it.
    rig.load(info.eoi + 0xc00, 8);
    rig.store(info.trigger, 8, 0);
    EXPECT_EQ(rig.machine.chip().fir().count(ic::FirId::EasInvalid),
              fault == Fault::None ? 0U : 1U);
  }
}

}  // namespace
}  // namespace xive::opal
