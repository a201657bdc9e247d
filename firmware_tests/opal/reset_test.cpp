// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::DeviceAccess;
using testing::Rig;
using testing::RigOptions;

constexpr std::uint64_t kTima = hw::kTmBase + 0x10000;

TEST(Reset, Modes) {
  RigOptions options;
  options.exploitation = false;
  Rig rig(options);
  EXPECT_FALSE(rig.firmware.exploitation());
  EXPECT_EQ(rig.call(Token::XiveReset, {2}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveReset, {~std::uint64_t{0}}), rc::kParameter);
  EXPECT_EQ(rig.call(Token::XiveReset, {1}), rc::kSuccess);
  EXPECT_TRUE(rig.firmware.exploitation());
  EXPECT_EQ(rig.call(Token::XiveReset, {1}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveReset, {0}), rc::kSuccess);
  EXPECT_FALSE(rig.firmware.exploitation());
  EXPECT_EQ(rig.end_word(0, 15, 0), 0xe0048000U);  // emulation queues are back
  EXPECT_EQ(rig.load(hw::kVcBase + 0x10 * hw::kPair + hw::kPage + 0x800, 8), 0U);
  EXPECT_EQ(rig.violation(), "");
}

/// A guest on donated pages, its VP on a thread, its device armed.
struct Guest {
  std::uint64_t vp = 0, irq = 0, eoi = 0, trigger = 0;
};

Guest start_guest(Rig& rig) {
  Guest guest;
  const std::int64_t block = rig.allocate_block(11);
  EXPECT_GT(block, 0);
  guest.vp = static_cast<std::uint64_t>(block) + 2000;
  EXPECT_EQ(rig.call(Token::XiveSetVpInfo, {guest.vp, 3, 0}), rc::kSuccess);
  EXPECT_EQ(rig.call(Token::XiveSetQueueInfo, {guest.vp, 5, Rig::kQueues, 16, 3}), rc::kSuccess);
  guest.irq = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateIrq, {0}));
  EXPECT_EQ(rig.call(Token::XiveSetIrqConfig, {guest.irq, guest.vp, 5, 7}), rc::kSuccess);
  const auto info = rig.irq_info(guest.irq);
  guest.eoi = info.eoi;
  guest.trigger = info.trigger;
  rig.load(guest.eoi + 0xc00, 8);
  const auto cam = rig.vp_info(guest.vp).cam;
  rig.store(kTima + 0x18, 4, 0x80000000U | cam);
  EXPECT_TRUE(rig.machine.tima(0).valid(tima::Ring::Os));
  return guest;
}

TEST(Reset, EndsAGuest) {
  for (const Fault fault : {Fault::None, Fault::B10ResetKeepsSubpages, Fault::B18ThreadNotReset}) {
    RigOptions options;
    options.machine.threads = 2;
    options.fault = fault;
    Rig rig(options);
    const Guest guest = start_guest(rig);
    ASSERT_EQ(rig.call(Token::XiveReset, {1}), rc::kSuccess);
    // Source off and masked, its number free.
    EXPECT_EQ(rig.load(guest.eoi + 0x800, 8), 1U);
    EXPECT_EQ(rig.irq_config(guest.irq).prio, 0xffU);
    EXPECT_EQ(rig.call(Token::XiveAllocateIrq, {0}), static_cast<std::int64_t>(guest.irq));
    EXPECT_EQ(rig.vp_info(guest.vp).rc, rc::kParameter);
    // No descriptor but those of the firmware's own pages, no valid END or VP behind them.
    unsigned foreign = 0, valid = 0;
    for (std::uint32_t n = 0; n < 512; ++n) {
      const std::uint64_t vsd = rig.machine.be(rig.firmware.end_table(0) + 8ULL * n, 8);
      foreign += vsd != 0 && (vsd & hw::kVsdFirmware) == 0 ? 1 : 0;
    }
    for (std::uint32_t n = 0; n < 128; ++n) {
      const std::uint64_t vsd = rig.machine.be(rig.firmware.vp_table(0) + 8ULL * n, 8);
      foreign += vsd != 0 && (vsd & hw::kVsdFirmware) == 0 ? 1 : 0;
    }
    for (std::uint32_t idx = 0; idx < 2048; ++idx) valid += rig.end_word(0, idx, 0) >> 31U;
    for (std::uint32_t idx = 0; idx < 1024; ++idx) {
      if (idx < 0x80 || idx > 0xff) valid += rig.vp_word(0, idx, 0) >> 31U;
    }
    EXPECT_EQ(foreign == 0, fault != Fault::B10ResetKeepsSubpages);
    EXPECT_EQ(valid, 0U);
    // Thread contexts: only the physical ring.
    EXPECT_EQ(rig.machine.tima(0).valid(tima::Ring::Os), fault == Fault::B18ThreadNotReset);
    EXPECT_TRUE(rig.machine.tima(0).valid(tima::Ring::Phys));
    EXPECT_EQ(rig.firmware.usage(0).end_sets, 2U);
    EXPECT_EQ(rig.firmware.usage(0).donated_pages, 0U);
    // A page taken back is written by nobody: the hardware forgot it.
    if (fault == Fault::None) {
      const auto faults = rig.machine.chip().fir().count(ic::FirId::VsdNotProvisioned);
      rig.load(hw::kVcBase + hw::kEndPages + 4096ULL * hw::kPair + 0x800, 8);
      EXPECT_EQ(rig.machine.chip().fir().count(ic::FirId::VsdNotProvisioned), faults + 1);
    }
    // And everything can be set up again.
    EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {1}), 0x41000000);
    EXPECT_EQ(rig.violation(), "");
  }
}

TEST(Reset, SyncsBetweenSourcesAndQueues) {
  for (const Fault fault : {Fault::None, Fault::B20ResetWithoutSync}) {
    RigOptions options;
    options.machine.threads = 1;
    options.fault = fault;
    Rig rig(options);
    start_guest(rig);
    unsigned syncs = 0;
    bool masked = false, too_late = false;
    rig.machine.before_device = [&](const DeviceAccess& access) {
      if (!access.write) return;
      if (access.address == hw::kIcBase + hw::kIvcScrubTrig) masked = true;
      if (access.address == hw::kIcBase + hw::kNotifyPage + hw::kSyncIpi && masked) ++syncs;
      if (access.address == hw::kIcBase + hw::kEqcSpec && syncs == 0) too_late = true;
    };
    ASSERT_EQ(rig.call(Token::XiveReset, {1}), rc::kSuccess);
    EXPECT_TRUE(masked);
    EXPECT_EQ(too_late, fault != Fault::None);
  }
}

TEST(Reset, ReadsTheThreadSelectorBack) {
  for (const Fault fault : {Fault::None, Fault::B19IndirectWithoutReadback}) {
    RigOptions options;
    options.machine.threads = 1;
    options.fault = fault;
    Rig rig(options);
    bool pending = false, passed = false;
    rig.machine.before_device = [&](const DeviceAccess& access) {
      if (access.address == hw::kIcBase + hw::kIndir0) {
        pending = access.write && access.value != 0;
      } else if (access.address - (hw::kIcBase + hw::kIndirectPages) < 0x40000) {
        passed = passed || pending;
      }
    };
    ASSERT_EQ(rig.call(Token::XiveReset, {1}), rc::kSuccess);
    EXPECT_EQ(passed, fault != Fault::None);
  }
}

TEST(Reset, EveryChip) {
  RigOptions options;
  options.machine.chips = 2;
  options.machine.threads = 2;
  Rig rig(options);
  const auto block = static_cast<std::uint64_t>(rig.call(Token::XiveAllocateVpBlock, {4}));
  for (std::uint64_t n = 0; n < 16; ++n) {
    ASSERT_EQ(rig.call(Token::XiveSetVpInfo, {block + n, 1, 0}), rc::kSuccess);
  }
  ASSERT_EQ(rig.call(Token::XiveReset, {1}), rc::kSuccess);
  for (const unsigned chip : {0U, 1U}) {
    EXPECT_EQ(rig.firmware.usage(chip).end_sets, 2U);
    for (std::uint32_t idx = 0; idx < 8; ++idx) EXPECT_EQ(rig.vp_word(chip, idx, 0), 0U);
  }
  EXPECT_EQ(rig.call(Token::XiveAllocateVpBlock, {4}), static_cast<std::int64_t>(block));
  EXPECT_EQ(rig.violation(), "");
}

}  // namespace
}  // namespace xive::opal
