// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::DirectMachine;
using testing::Rig;
using testing::RigOptions;

RigOptions emulation(Fault fault = Fault::None) {
  RigOptions options;
  options.exploitation = false;
  options.fault = fault;
  return options;
}

std::uint64_t xirr(Rig& rig, unsigned thread = 0, bool poll = false) {
  EXPECT_EQ(rig.call(Token::IntGetXirr, {Rig::at(0), poll ? 1U : 0U}, thread), rc::kSuccess);
  return rig.out(0, 4);
}

TEST(Xics, IpiRoundTrip) {
  Rig rig(emulation());
  EXPECT_EQ(rig.call(Token::IntSetCppr, {0xff}, 1), rc::kSuccess);
  EXPECT_EQ(xirr(rig, 1), 0xff000000U);  // nothing
  EXPECT_EQ(rig.call(Token::IntSetMfrr, {1, 4}), rc::kSuccess);
  EXPECT_TRUE(rig.machine.hv_line(1));
  EXPECT_EQ(xirr(rig, 1, true), 0xff000002U);  // poll changes nothing
  EXPECT_EQ(xirr(rig, 1), 0xff000002U);
  EXPECT_EQ(xirr(rig, 1), 0x07000000U);  // in the handler
  EXPECT_EQ(rig.call(Token::IntSetMfrr, {1, 0xff}, 1), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::IntEoi, {0xff000002}, 1), 0);
  EXPECT_EQ(xirr(rig, 1), 0xff000000U);
  EXPECT_FALSE(rig.machine.hv_line(1));
  EXPECT_EQ(rig.violation(), "");
}

TEST(Xics, RequestMaskedByPriorityIsKept) {
  for (const Fault fault : {Fault::None, Fault::B14MfrrNotReevaluated}) {
    Rig rig(emulation(fault));
    EXPECT_EQ(rig.call(Token::IntSetCppr, {0}), rc::kSuccess);
    EXPECT_EQ(rig.call(Token::IntSetMfrr, {0, 4}), rc::kSuccess);
    EXPECT_FALSE(rig.machine.hv_line(0));
    EXPECT_EQ(rig.call(Token::IntSetCppr, {0xff}), rc::kSuccess);
    EXPECT_EQ(rig.machine.hv_line(0), fault == Fault::None);  // else the IPI is lost
  }
}

TEST(Xics, EoiWithTheRequestStillThere) {
  Rig rig(emulation());
  rig.call(Token::IntSetCppr, {0xff});
  rig.call(Token::IntSetMfrr, {0, 4});
  EXPECT_EQ(xirr(rig), 0xff000002U);
  EXPECT_EQ(rig.call(Token::IntEoi, {0xff000002}), 1);  // fires again
  EXPECT_EQ(xirr(rig), 0xff000002U);
}

TEST(Xics, DeviceInterrupts) {
  Rig rig(emulation());
  const auto base = rig.firmware.allocate_hw_irqs(rig.cpus[0], 0, 14);
  ASSERT_TRUE(base);
  rig.firmware.register_source({.first_girq = *base,
                                .count = 14,
                                .esb = DirectMachine::source_unit_address(0),
                                .first_lsi = 8,
                                .msi_trigger = true});
  rig.machine.source_unit().set_offset(0x4000000000000000U | Firmware::notify_base(*base));
  rig.machine.source_unit().set_notify_valid(true);
  rig.call(Token::IntSetCppr, {0xff});
  for (const std::uint32_t n : {1U, 8U}) {  // an MSI and an LSI
    const std::uint64_t irq = *base + n;
    EXPECT_EQ(rig.call(Token::GetXive, {irq, Rig::at(1), Rig::at(2)}), rc::kSuccess);
    EXPECT_EQ(rig.out(2, 1), 0xffU);
    EXPECT_EQ(rig.call(Token::SetXive, {irq, 0 << 2, 5}), rc::kSuccess);
    EXPECT_EQ(rig.call(Token::GetXive, {irq, Rig::at(1), Rig::at(2)}), rc::kSuccess);
    EXPECT_EQ(rig.out(1, 2), 0U);
    EXPECT_EQ(rig.out(2, 1), 7U);
    if (n == 8) {
      rig.machine.source_unit().set_level(n, true);
    } else {
      rig.machine.source_unit().trigger(n);
    }
    EXPECT_EQ(xirr(rig), 0xff000000U | irq);
    // Level still high: again after the EOI. Edge: once more because it came a second time.
    if (n == 1) rig.machine.source_unit().trigger(n);
    EXPECT_EQ(rig.call(Token::IntEoi, {0xff000000U | irq}), 1);
    if (n == 8) rig.machine.source_unit().set_level(n, false);
    EXPECT_EQ(xirr(rig), 0xff000000U | irq);
    EXPECT_EQ(rig.call(Token::IntEoi, {0xff000000U | irq}), 0);
    EXPECT_EQ(rig.call(Token::SetXive, {irq, 0 << 2, 0xff}), rc::kSuccess);
    EXPECT_EQ(rig.machine.source_unit().pq(n), ic::Pq::Off);
  }
  EXPECT_EQ(rig.call(Token::IntEoi, {0xff000000U | 0xfffff}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::SetXive, {0xfffff, 0, 5}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::SetXive, {*base + 1, 0x77 << 2, 5}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::GetXive, {0xfffff, Rig::at(1), Rig::at(2)}), rc::kParameter);
  EXPECT_EQ(rig.violation(), "");
}

TEST(Xics, QueueWraps) {
  Rig rig(emulation());
  rig.call(Token::IntSetCppr, {0xff});
  for (unsigned n = 0; n < 16384 + 3; ++n) {
    rig.call(Token::IntSetMfrr, {0, 4});
    ASSERT_EQ(xirr(rig), 0xff000002U) << n;
    rig.call(Token::IntSetMfrr, {0, 0xff});
    ASSERT_EQ(rig.call(Token::IntEoi, {0xff000002}), 0) << n;
  }
  EXPECT_EQ(rig.violation(), "");
}

TEST(Xics, NotInExploitationMode) {
  Rig rig;
  EXPECT_EQ(rig.call(Token::IntGetXirr, {Rig::at(0), 0}), rc::kWrongState);
  EXPECT_EQ(rig.call(Token::IntSetCppr, {0xff}), rc::kWrongState);
  EXPECT_EQ(rig.call(Token::IntSetMfrr, {0, 4}), rc::kWrongState);
  // There EOI takes an interrupt number.
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  const auto info = rig.irq_info(irq);
  rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 3});
  rig.call(Token::XiveSetIrqConfig, {irq, 0, 6, 1});
  rig.load(info.eoi + 0xc00, 8);
  rig.store(info.trigger, 8, 0);
  rig.store(info.trigger, 8, 0);
  EXPECT_EQ(rig.call(Token::IntEoi, {irq}), rc::kSuccess);
  EXPECT_EQ(rig.load(info.eoi + 0x800, 8), 2U);
  EXPECT_EQ(rig.machine.be(Rig::kQueues + 4, 4), 0x80000001U);
  EXPECT_EQ(rig.call(Token::IntEoi, {kNoIrq}), rc::kParameter);
}

}  // namespace
}  // namespace xive::opal
