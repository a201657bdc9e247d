// SPDX-License-Identifier: Apache-2.0
// Queue and VP state, sync, dump, tokens.
#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::DeviceAccess;
using testing::Rig;
using testing::RigOptions;

TEST(QueueState, RoundTrip) {
  Rig rig;
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {1, 6, Rig::kQueues, 16, 3}), rc::kSuccess);
  EXPECT_EQ(rig.queue_state(1, 6).toggle, 1U);
  EXPECT_EQ(rig.queue_state(1, 6).index, 0U);
  ASSERT_EQ(rig.call(Token::XiveSetQueueState, {1, 6, 0, 16380}), rc::kSuccess);
  EXPECT_EQ(rig.queue_state(1, 6).toggle, 0U);
  EXPECT_EQ(rig.queue_state(1, 6).index, 16380U);
  EXPECT_EQ(rig.queue_info(1, 6).flags, 3U);
  EXPECT_EQ(rig.end_word(0, 0x16, 1), 16380U);  // ES bits as they were: 00
  EXPECT_EQ(rig.call(Token::XiveGetQueueState, {1, 6, 0, 0}), rc::kSuccess);
}

TEST(QueueState, WrongArguments) {
  Rig rig;
  EXPECT_EQ(rig.queue_state(1, 6).rc, rc::kWrongState);  // not enabled
  EXPECT_EQ(rig.call(Token::XiveSetQueueState, {1, 6, 1, 0}), rc::kWrongState);
  EXPECT_EQ(rig.queue_state(1, 8).rc, rc::kParameter);
  EXPECT_EQ(rig.queue_state(9, 6).rc, rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetQueueState, {9, 6, 1, 0}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSetQueueState, {1, 8, 1, 0}), rc::kParameter);
  ASSERT_EQ(rig.call(Token::XiveReset, {0}), rc::kSuccess);
  EXPECT_EQ(rig.queue_state(1, 6).rc, rc::kWrongState);
  EXPECT_EQ(rig.call(Token::XiveSetQueueState, {1, 6, 1, 0}), rc::kWrongState);
}

TEST(QueueState, SeesWhatTheCacheHolds) {
  RigOptions options;
  options.machine.caches = ic::CacheMode::Back;
  Rig rig(options);
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  const auto info = rig.irq_info(irq);
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 3}), rc::kSuccess);
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0, 6, 1}), rc::kSuccess);
  for (unsigned n = 1; n < 4; ++n) {
    rig.load(info.eoi + 0xc00, 8);
    rig.store(info.trigger, 8, 0);
    EXPECT_EQ(rig.queue_state(0, 6).index, n);
  }
}

TEST(QueueState, ConflictIsNotSuccess) {
  for (const Fault fault : {Fault::None, Fault::ConflictIgnored}) {
    RigOptions options;
    options.fault = fault;
    Rig rig(options);
    const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
    const auto info = rig.irq_info(irq);
    rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 3});
    rig.call(Token::XiveSetIrqConfig, {irq, 0, 6, 1});
    rig.load(info.eoi + 0xc00, 8);
    bool armed = true;
    rig.machine.before_device = [&](const DeviceAccess& access) {
      if (!armed || !access.write || access.address != hw::kIcBase + hw::kEqcData) return;
      armed = false;
      rig.store(info.trigger, 8, 0);
    };
    const std::int64_t result = rig.call(Token::XiveSetQueueState, {0, 6, 1, 9});
    const bool done = rig.queue_state(0, 6).index == 9;
    EXPECT_EQ(result == rc::kSuccess && !done, fault != Fault::None);
  }
}

TEST(VpState, WrongArguments) {
  Rig rig;
  EXPECT_EQ(rig.call(Token::XiveGetVpState, {9, Rig::at(0)}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveGetVpState, {0x41000000, Rig::at(0)}), rc::kParameter);
  const auto vp = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {1}));
  EXPECT_EQ(rig.call(Token::XiveGetVpState, {vp, Rig::at(0)}), rc::kWrongState);
  EXPECT_EQ(rig.call(Token::XiveGetVpState, {0, Rig::at(0)}), rc::kSuccess);
  EXPECT_EQ(rig.out(0, 8), 0U);
}

TEST(Sync, OfSourceAndOfTarget) {
  RigOptions options;
  options.machine.chips = 2;
  options.machine.threads = 1;
  Rig rig(options);
  const auto irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  // Routed to the thread of the other chip.
  ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0x100, 6, Rig::kQueues, 16, 3}), rc::kSuccess);
  ASSERT_EQ(rig.call(Token::XiveSetIrqConfig, {irq, 0x100, 6, 1}), rc::kSuccess);
  std::array<unsigned, 2> syncs{};
  rig.machine.before_device = [&](const DeviceAccess& access) {
    for (const std::uint64_t n : {0U, 1U}) {
      if (access.address == hw::kIcBase + (n << 42U) + hw::kNotifyPage + hw::kSyncIpi) {
        ++syncs.at(n);
      }
    }
  };
  const auto sync = [&](std::uint64_t type) {
    syncs = {};
    return rig.call(Token::XiveSync, {type, irq});
  };
  EXPECT_EQ(sync(sync_type::kEas), rc::kSuccess);
  EXPECT_EQ(syncs, (std::array<unsigned, 2>{1, 0}));
  EXPECT_EQ(sync(sync_type::kQueue), rc::kSuccess);
  EXPECT_EQ(syncs, (std::array<unsigned, 2>{0, 1}));
  EXPECT_EQ(sync(sync_type::kEas | sync_type::kQueue), rc::kSuccess);
  EXPECT_EQ(syncs, (std::array<unsigned, 2>{1, 1}));
  EXPECT_EQ(sync(4), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSync, {1, kNoIrq}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveSync, {1, 0x200000}), rc::kParameter);
}

TEST(Dump, EveryTypeObservesOnly) {
  Rig rig;
  rig.store(hw::kTmBase + 0x10031, 1, 5);
  const auto before = rig.machine.tima(0);
  for (std::uint64_t type = 0; type < 6; ++type) {
    const auto lines = rig.firmware.log().size();
    EXPECT_EQ(rig.call(Token::XiveDump, {type, 0}), rc::kSuccess) << type;
    EXPECT_EQ(rig.firmware.log().size(), lines + 1);
  }
  EXPECT_EQ(rig.machine.tima(0), before);
  EXPECT_NE(rig.firmware.log()[rig.firmware.log().size() - 6].find("0005"), std::string::npos);
  EXPECT_EQ(rig.call(Token::XiveDump, {6, 0}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveDump, {0, 0x77}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveDump, {4, 0x77}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveDump, {5, 0x77}), rc::kParameter);
}

TEST(Dump, ThreadThatNeverStarted) {
  RigOptions options;
  options.boot = false;
  Rig rig(options);
  rig.firmware.boot(rig.cpus[0]);
  EXPECT_EQ(rig.call(Token::XiveDump, {0, 1}), rc::kInternalError);
  EXPECT_EQ(rig.call(Token::XiveDump, {5, 1}), rc::kInternalError);
  EXPECT_EQ(rig.machine.bus_errors, 0U);
}

TEST(Tokens, PresenceFollowsTheBuild) {
  // Scenario S5.10: builds with and without the queue state calls.
  for (const unsigned build : {0U, 1U, 2U, 3U}) {
    RigOptions options;
    if ((build & 1U) == 0) options.absent.push_back(Token::XiveGetQueueState);
    if ((build & 2U) == 0) options.absent.push_back(Token::XiveSetQueueState);
    Rig rig(options);
    EXPECT_EQ(rig.call(Token::CheckToken, {143}), build & 1U);
    EXPECT_EQ(rig.call(Token::CheckToken, {144}), build >> 1U);
    EXPECT_EQ(rig.call(Token::CheckToken, {170}), 1);
    EXPECT_EQ(rig.call(Token::CheckToken, {171}), 0);
    ASSERT_EQ(rig.call(Token::XiveSetQueueInfo, {0, 6, Rig::kQueues, 16, 3}), rc::kSuccess);
    EXPECT_EQ(rig.queue_state(0, 6).rc == rc::kSuccess, (build & 1U) != 0);
  }
}

TEST(Tokens, InterruptsAreOffDuringACall) {
  Rig rig;
  const std::uint64_t msr = ppc::msr::kHv | ppc::msr::kEe;
  rig.cpus[0].mtmsr(msr);
  bool off = true;
  rig.machine.before_device = [&](const DeviceAccess&) {
    off = off && (rig.cpus[0].mfmsr() & ppc::msr::kEe) == 0;
  };
  rig.queue_info(0, 6);
  rig.call(Token::XiveDump, {4, 0});
  EXPECT_TRUE(off);
  EXPECT_EQ(rig.cpus[0].mfmsr(), msr);
}

}  // namespace
}  // namespace xive::opal
