// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::Rig;
using testing::RigOptions;

RigOptions with(Fault fault, unsigned chips = 1) {
  RigOptions options;
  options.machine.chips = chips;
  options.machine.threads = 1;
  options.fault = fault;
  return options;
}

TEST(Buddy, SplitsAndJoins) {
  Buddy buddy(4);
  ASSERT_TRUE(buddy.reserve(4, 1));
  EXPECT_FALSE(buddy.reserve(5, 0));
  EXPECT_EQ(buddy.allocate(0), 6U);  // the smallest hole
  EXPECT_EQ(buddy.allocate(2), 0U);
  EXPECT_EQ(buddy.allocate(3), 8U);
  EXPECT_FALSE(buddy.allocate(2));
  EXPECT_FALSE(buddy.release(8, 2));  // another size
  EXPECT_TRUE(buddy.release(8, 3));
  EXPECT_TRUE(buddy.release(0, 2));
  EXPECT_TRUE(buddy.release(6, 0));
  EXPECT_FALSE(buddy.release(6, 0));
  EXPECT_TRUE(buddy.release(4, 1));
  EXPECT_EQ(buddy.allocate(4), 0U);  // one piece again
}

TEST(VpBlock, FirstBlockNeedsNoDonation) {
  Rig rig(with(Fault::None));
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {1}), 0x41000000);
  const auto info = rig.vp_info(0x41000001);
  EXPECT_EQ(info.rc, rc::kSuccess);
  EXPECT_EQ(info.flags, 0U);
  EXPECT_EQ(info.cam, 1U);
  EXPECT_EQ(rig.vp_word(0, 0, 1), 0x10U);
  EXPECT_EQ(rig.vp_word(0, 1, 1), 0x18U);
  // A VP that waits for its event: the event is in its queue and its state.
  ASSERT_EQ(rig.call(Token::XiveSetVpInfo, {0x41000000, vp_flag::kEnabled, 0}), rc::kSuccess);
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0x41000000, 5, Rig::kQueues, 16, 3}), rc::kSuccess);
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0x41000000, 5, 7}), rc::kSuccess);
  const auto source = rig.irq_info(irq);
  rig.load(source.eoi + 0xc00, 8);
  rig.store(source.trigger, 8, 0);
  EXPECT_EQ(rig.machine.be(Rig::kQueues, 4), 0x80000007U);
  EXPECT_EQ(rig.call(Token::XiveGetVpState, {0x41000000, Rig::at(0)}), rc::kSuccess);
  EXPECT_EQ(rig.out(0, 8), 0x40000000000U);
  EXPECT_EQ(rig.violation(), "");
}

TEST(VpBlock, ThreadVps) {
  RigOptions options;
  Rig rig(options);
  for (std::uint64_t pir = 0; pir < 4; ++pir) {
    const auto info = rig.vp_info(pir);
    EXPECT_EQ(info.flags, vp_flag::kEnabled);
    EXPECT_EQ(info.cam, 0x80 + pir);
    EXPECT_EQ(info.chip, 0U);
  }
  EXPECT_EQ(rig.vp_info(4).rc, rc::kParameter);
  EXPECT_EQ(rig.vp_info(0x41000000).rc, rc::kParameter);
  EXPECT_EQ(rig.vp_info(0x80000000).rc, rc::kParameter);
}

TEST(VpBlock, SplitOverTwoChips) {
  Rig rig(with(Fault::None, 2));
  // Order 1 would be half a VP a chip: raised to 2.
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {0}), 0x42000000);
  const std::int64_t block = rig.call(Token::XiveAllocateVpBlock, {5});
  EXPECT_EQ(block, 0x45000020);  // index 0x10 of each chip
  EXPECT_EQ(rig.vp_info(0x45000020).cam, 0x10U);
  EXPECT_EQ(rig.vp_info(0x4500002f).cam, 0x1fU);
  EXPECT_EQ(rig.vp_info(0x45000030).cam, 0x80010U);
  EXPECT_EQ(rig.vp_info(0x4500003f).cam, 0x8001fU);
  EXPECT_EQ(rig.vp_info(0x4500003f).chip, 1U);
  EXPECT_EQ(rig.firmware.usage(1).end_sets, 1U + 2U + 16U);
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0x45000030}), rc::kParameter);  // not the base
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0x45000020}), rc::kSuccess);
  EXPECT_EQ(rig.firmware.usage(1).end_sets, 1U + 2U);
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0x45000020}), rc::kParameter);  // twice
}

TEST(VpBlock, SplitOverSixteenChips) {
  Rig rig(with(Fault::None, 16));
  const std::int64_t block = rig.call(Token::XiveAllocateVpBlock, {5});
  ASSERT_GT(block, 0);
  for (unsigned n = 0; n < 32; ++n) {
    const std::uint64_t vp = static_cast<std::uint64_t>(block) + n;
    ASSERT_EQ(rig.call(Token::XiveSetVpInfo, {vp, vp_flag::kEnabled, 0}), rc::kSuccess) << n;
    EXPECT_EQ(rig.vp_info(vp).chip, n / 2);
    EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp, 0, 0}), rc::kSuccess) << n;
  }
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {static_cast<std::uint64_t>(block)}), rc::kSuccess);
  EXPECT_EQ(rig.violation(), "");
}

TEST(VpBlock, EverySecondBlockCanBeFreed) {
  for (const Fault fault : {Fault::None, Fault::B13FreeChecksWholeOrder}) {
    Rig rig(with(fault, 2));
    bool all = true;
    std::array<std::uint64_t, 4> blocks{};
    for (auto& block : blocks) {
      block = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {3}));
    }
    for (const auto block : blocks) {
      all = all && rig.call(Token::XiveFreeVpBlock, {block}) == rc::kSuccess;
    }
    EXPECT_EQ(all, fault == Fault::None);
  }
}

TEST(VpBlock, AsksForPagesAndUsesThem) {
  Rig rig(with(Fault::None));
  // 255 END sets are left of the first page (one is the thread's, one is reserved).
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {7}), 0x47000000);
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {6}), 0x46000100);
  const auto before = rig.firmware.usage(0);
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {8}), rc::kProvisioning);
  EXPECT_EQ(rig.firmware.usage(0).end_sets, before.end_sets);  // nothing is left behind
  rig.donate();
  EXPECT_EQ(rig.firmware.usage(0).donated_pages, 1U);
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {8}), 0x48000200);
  EXPECT_EQ(rig.firmware.usage(0).donated_pages, 0U);
  // VPs beyond the first page of NVTs as well.
  const std::int64_t big = rig.allocate_block(11);
  ASSERT_GT(big, 0);
  const auto vp = static_cast<std::uint64_t>(big);
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp + 2047, 1, 0}), rc::kSuccess);
  EXPECT_EQ(rig.vp_info(vp + 2047).flags, 1U);
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {vp}), rc::kFreeActive);
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp + 2047, 0, 0}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {vp}), rc::kSuccess);
  // The pages stay: the same again needs none.
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {11}), big);
  EXPECT_EQ(rig.violation(), "");
}

TEST(VpBlock, TooMany) {
  Rig rig(with(Fault::None));
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {18}), rc::kResource);
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {17}), rc::kResource);  // threads have some
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {~std::uint64_t{0}}), rc::kResource);
}

TEST(VpBlock, EndSetsSurviveFailedTries) {
  for (const Fault fault : {Fault::None, Fault::B11EndSetLeaks}) {
    Rig rig(with(fault));
    rig.call(Token::XiveAllocateVpBlock, {7});
    rig.call(Token::XiveAllocateVpBlock, {6});
    const auto before = rig.firmware.usage(0).end_sets;
    for (unsigned n = 0; n < 5; ++n) rig.call(Token::XiveAllocateVpBlock, {8});
    EXPECT_EQ(rig.firmware.usage(0).end_sets == before, fault == Fault::None);
  }
}

TEST(VpBlock, FreedBlockHasCleanQueues) {
  for (const Fault fault : {Fault::None, Fault::B4FreeKeepsEnd7}) {
    Rig rig(with(fault));
    const auto vp = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {1}));
    rig.call(Token::XiveSetVpInfo, {vp, vp_flag::kEnabled | vp_flag::kSingleEscalation, 0});
    rig.call(Token::XiveSetQueueInfo, {vp, 3, Rig::kQueues, 16, 7});
    rig.call(Token::XiveSetVpInfo, {vp, 0, 0});
    ASSERT_EQ(rig.call(Token::XiveFreeVpBlock, {vp}), rc::kSuccess);
    ASSERT_EQ(rig.call(Token::XiveAllocateVpBlock, {1}), static_cast<std::int64_t>(vp));
    // The next owner finds all eight queues off.
    bool clean = true;
    for (std::uint64_t prio = 0; prio < 8; ++prio) {
      clean = clean && (rig.end_word(0, 0x10 + static_cast<unsigned>(prio), 0) >> 31U) == 0;
    }
    EXPECT_EQ(clean, fault == Fault::None);
    const auto rc = rig.call(Token::XiveSetQueueInfo, {vp, 7, Rig::kQueues, 16, 3});
    EXPECT_EQ(rc, fault == Fault::None ? rc::kSuccess : rc::kParameter);
  }
}

TEST(VpBlock, WrongArguments) {
  Rig rig(with(Fault::None, 2));
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0}), rc::kParameter);           // a thread
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0x41000000}), rc::kParameter);  // order too small
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0x44000000}), rc::kParameter);  // not allocated
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0x48000100}), rc::kParameter);  // the threads' own
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0xc4000000}), rc::kParameter);  // group
  EXPECT_EQ(rig.call(Token::XiveDonatePage, {2, Rig::kPages}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveDonatePage, {1, Rig::kPages + 0x1000}), rc::kParameter);
  ASSERT_EQ(rig.call(Token::XiveReset, {kModeEmulation}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {3}), rc::kWrongState);
  EXPECT_EQ(rig.call(Token::XiveFreeVpBlock, {0x44000000}), rc::kWrongState);
  EXPECT_EQ(rig.call(Token::XiveDonatePage, {1, Rig::kPages}), rc::kWrongState);
  EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {0}), rc::kWrongState);
  EXPECT_EQ(rig.call(Token::XiveFreeIrq, {0x14}), rc::kWrongState);
}

TEST(VpInfo, ReportLineAndDisable) {
  Rig rig(with(Fault::None));
  const auto vp = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {1}));
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp, 1, 0x12345678a00}), rc::kSuccess);
  EXPECT_EQ(rig.vp_info(vp).report, 0x12345678a00U);
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp, 1, 0x12345678a80}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {0x77, 1, 0}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {0x80000000, 1, 0}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp + 2, 1, 0}), rc::kParameter);  // not allocated
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp, 0, 0}), rc::kSuccess);
  EXPECT_EQ(rig.vp_info(vp).flags, 0U);
  EXPECT_EQ(rig.vp_info(vp).report, 0U);
  EXPECT_EQ(rig.vp_word(0, 0, 1), 0x10U);  // still allocated
  EXPECT_EQ(rig.call(Token::XiveGetVpInfo, {vp, 0, 0, 0, 0}), rc::kSuccess);
}

TEST(VpInfo, LockIsReleasedAfterAnError) {
  for (const Fault fault : {Fault::None, Fault::B12LockKept}) {
    Rig rig(with(fault));
    EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {0, 1, 0x80}), rc::kParameter);
    bool stuck = false;
    try {
      rig.vp_info(0);
    } catch (const FirmwareError& error) {
      stuck = error.kind() == FirmwareError::Kind::LockTimeout;
    }
    EXPECT_EQ(stuck, fault != Fault::None);
  }
}

TEST(SingleEscalation, AllQueuesShareOneNumber) {
  for (const Fault fault : {Fault::None, Fault::B3EscalationSkipsEnd6}) {
    Rig rig(with(fault));
    const auto vp = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {1}));
    const std::uint64_t both = vp_flag::kEnabled | vp_flag::kSingleEscalation;
    ASSERT_EQ(rig.call(Token::XiveSetVpInfo, {vp, both, 0}), rc::kSuccess);
    EXPECT_EQ(rig.vp_info(vp).flags, both);
    bool one = true;
    for (std::uint64_t prio = 0; prio < 7; ++prio) {
      const auto end = 0x10 + static_cast<std::uint32_t>(prio);
      one = one && rig.queue_info(vp, prio).escalation == girq::escalation(0, 0x17) &&
            (rig.end_word(0, end, 0) & hw::end::kUncond) != 0 &&
            (rig.end_word(0, end, 4) & 0x0fffffffU) == 0x17;
    }
    EXPECT_EQ(one, fault == Fault::None);
    EXPECT_EQ(rig.end_word(0, 0x17, 0), 0x95000000U);  // v b e s
    EXPECT_EQ(rig.end_word(0, 0x17, 1), 0x40000000U);  // ESn off, ESe ready
    EXPECT_EQ(rig.queue_info(vp, 7).eoi, 0U);
    // The gathering END is no queue, and its own escalation can be routed, the others' not.
    EXPECT_EQ(rig.call(Token::XiveSetQueueInfo, {vp, 7, Rig::kQueues, 16, 3}), rc::kParameter);
    EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {girq::escalation(0, 0x12), 0, 6, 1}),
              rc::kParameter);
    EXPECT_EQ(rig.irq_config(girq::escalation(0, 0x12)).rc, rc::kParameter);
    EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {girq::escalation(0, 0x17), 0, 6, 1}),
              rc::kSuccess);
    // A queue keeps its part in it when it is configured.
    ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {vp, 2, Rig::kQueues, 16, 7}), rc::kSuccess);
    EXPECT_EQ(rig.end_word(0, 0x12, 0), 0xf6040000U);
    // Off again.
    ASSERT_EQ(rig.call(Token::XiveSetVpInfo, {vp, vp_flag::kEnabled, 0}), rc::kSuccess);
    EXPECT_EQ(rig.vp_info(vp).flags, vp_flag::kEnabled);
    EXPECT_EQ(rig.end_word(0, 0x12, 0), 0xf0040000U);
    EXPECT_EQ(rig.end_word(0, 0x17, 0), 0U);
    EXPECT_EQ(rig.violation(), "");
  }
}

TEST(SingleEscalation, RefusedWhileTheLastEndIsAQueue) {
  Rig rig(with(Fault::None));
  const auto vp = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {1}));
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {vp, 7, Rig::kQueues, 16, 3}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {vp, 3, 0}), rc::kParameter);
  EXPECT_EQ(rig.vp_info(vp).flags, 0U);
}

TEST(SingleEscalation, EventOfASleepingVpReachesTheHost) {
  Rig rig(with(Fault::None));
  const auto vp = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {1}));
  ASSERT_EQ(rig.call(Token::XiveSetVpInfo, {vp, 3, 0}), rc::kSuccess);
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {vp, 2, Rig::kQueues, 16, 7}), rc::kSuccess);
  const std::uint64_t host_queue = Rig::kQueues + 0x10000;
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, host_queue, 16, 3}), rc::kSuccess);
  const std::uint64_t escalation = rig.queue_info(vp, 2).escalation;
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {escalation, 0, 6, 0x99}), rc::kSuccess);
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, vp, 2, 5}), rc::kSuccess);
  const auto source = rig.irq_info(irq);
  rig.load(source.eoi + 0xc00, 8);
  rig.store(hw::kTmBase + 0x10031, 1, 0xff);
  rig.store(source.trigger, 8, 0);
  EXPECT_EQ(rig.machine.be(Rig::kQueues, 4), 0x80000005U);
  EXPECT_EQ(rig.machine.be(host_queue, 4), 0x80000099U);
  EXPECT_TRUE(rig.machine.hv_line(0));
  EXPECT_EQ(rig.load(rig.irq_info(escalation).eoi + 0x800, 8), 2U);
  EXPECT_EQ(rig.violation(), "");
}

}  // namespace
}  // namespace xive::opal
