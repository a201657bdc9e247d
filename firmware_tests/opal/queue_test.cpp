// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::Rig;
using testing::RigOptions;

TEST(QueueInfo, UnusedQueueOfAThread) {
  RigOptions options;
  options.machine.threads = 1;
  Rig rig(options);
  const auto info = rig.queue_info(0, 6);
  EXPECT_EQ(info.rc, rc::kSuccess);
  EXPECT_EQ(info.page, 0U);
  EXPECT_EQ(info.size, 0U);
  EXPECT_EQ(info.eoi, 0x60160001c0000U);
  EXPECT_EQ(info.escalation, 0x100000eU);
  EXPECT_EQ(info.flags, 0U);
  EXPECT_EQ(rig.call(Token::XiveGetQueueInfo, {0, 6, 0, 0, 0, 0, 0}), rc::kSuccess);
}

TEST(QueueInfo, WrongArguments) {
  Rig rig;
  EXPECT_EQ(rig.queue_info(0, 8).rc, rc::kParameter);
  EXPECT_EQ(rig.queue_info(0, 0xff).rc, rc::kParameter);
  EXPECT_EQ(rig.queue_info(0x77, 6).rc, rc::kParameter);
  EXPECT_EQ(rig.queue_info(0x41000000, 6).rc, rc::kParameter);  // not allocated
  EXPECT_EQ(rig.queue_info(0x80000000, 6).rc, rc::kParameter);  // group
  EXPECT_EQ(rig.queue_info(std::uint64_t{1} << 32U, 6).rc, rc::kParameter);
  for (const std::uint64_t size : {1U, 11U, 13U, 20U, 25U, 64U}) {
    EXPECT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, size, 3}), rc::kParameter);
  }
  EXPECT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 8, Rig::kQueues, 16, 3}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetQueueInfo, {0x77, 6, Rig::kQueues, 16, 3}), rc::kParameter);
  EXPECT_EQ(rig.queue_info(0, 6).flags, 0U);
  EXPECT_EQ(rig.call(Token::XiveReset, {kModeEmulation}), rc::kSuccess);
  EXPECT_EQ(rig.queue_info(0, 6).rc, rc::kWrongState);
  EXPECT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 3}), rc::kWrongState);
}

TEST(SetQueueInfo, EverySizeAndFlag) {
  Rig rig;
  for (const std::uint64_t size : {12U, 16U, 21U, 24U}) {
    for (std::uint64_t flags = 1; flags < 8; flags += 2) {
      // An address above 4 GiB: nothing is cut off.
      const std::uint64_t page = 0x123450000000000 | std::uint64_t{0x23} << 24U;
      ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {1, 3, page, size, flags}), rc::kSuccess);
      const auto info = rig.queue_info(1, 3);
      EXPECT_EQ(info.page, page);
      EXPECT_EQ(info.size, size);
      EXPECT_EQ(info.flags, flags);
      EXPECT_EQ(rig.end_word(0, 0x13, 6), 0x81U);
      EXPECT_EQ(rig.end_word(0, 0x13, 7), 3U << 16U);
      EXPECT_EQ(rig.end_word(0, 0x13, 0) & 0x90000000U, 0x90000000U);  // backlog always
    }
  }
  // Without a page: no entries, still a queue.
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {1, 3, 0, 0, 3}), rc::kSuccess);
  EXPECT_EQ(rig.queue_info(1, 3).flags, 3U);
  EXPECT_EQ(rig.queue_info(1, 3).size, 0U);
  // Off: the image of an END that nobody uses.
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {1, 3, 0, 0, 0}), rc::kSuccess);
  EXPECT_EQ(rig.queue_info(1, 3).flags, 0U);
  EXPECT_EQ(rig.end_word(0, 0x13, 1), 0x50000000U);
  EXPECT_EQ(rig.violation(), "");
}

TEST(SetQueueInfo, FlagsCanBeCleared) {
  for (const Fault fault : {Fault::None, Fault::B5QueueFlagsStick}) {
    RigOptions options;
    options.fault = fault;
    Rig rig(options);
    rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 7});
    rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 1});
    EXPECT_EQ(rig.queue_info(0, 6).flags == 1, fault == Fault::None);
  }
}

TEST(SetQueueInfo, StartsAnew) {
  for (const Fault fault : {Fault::None, Fault::B6QueueNotReset}) {
    RigOptions options;
    options.fault = fault;
    Rig rig(options);
    rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 12, 3});
    ASSERT_EQ(rig.call(Token::XiveSetQueueState, {0, 6, 0, 5}), rc::kSuccess);
    rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues + 0x10000, 12, 3});
    const auto state = rig.queue_state(0, 6);
    EXPECT_EQ(state.toggle == 1 && state.index == 0, fault == Fault::None);
  }
}

TEST(SetQueueInfo, KeepsEventStateBits) {
  Rig rig;
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 7}), rc::kSuccess);
  const std::uint64_t page = rig.queue_info(0, 6).eoi;
  rig.load(page + 0xe00, 8);            // ESn := 10
  rig.load(page + 0x10000 + 0xc00, 8);  // ESe := 00
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 7}), rc::kSuccess);
  EXPECT_EQ(rig.end_word(0, 14, 1), 0x80400000U);
}

TEST(SetQueueInfo, ConflictIsBusyOnce) {
  // An event between the load and the commit of the watch.
  RigOptions options;
  options.machine.caches = ic::CacheMode::Through;
  Rig rig(options);
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  const auto info = rig.irq_info(irq);
  rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 3});
  rig.call(Token::XiveSetIrqConfig, {irq, 0, 6, 1});
  rig.load(info.eoi + 0xc00, 8);
  bool armed = true;
  rig.machine.before_device = [&](const testing::DeviceAccess& access) {
    if (!armed || !access.write || access.address != hw::kIcBase + hw::kEqcData) return;
    armed = false;
    rig.store(info.trigger, 8, 0);
  };
  EXPECT_EQ(rig.call(Token::XiveSetQueueState, {0, 6, 1, 9}), rc::kBusy);
  EXPECT_FALSE(armed);
  EXPECT_EQ(rig.queue_state(0, 6).index, 1U);  // the event's own step
  EXPECT_EQ(rig.call(Token::XiveSetQueueState, {0, 6, 1, 9}), rc::kSuccess);
  EXPECT_EQ(rig.queue_state(0, 6).index, 9U);
}

}  // namespace
}  // namespace xive::opal
