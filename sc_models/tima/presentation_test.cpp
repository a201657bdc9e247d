// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md section 3, generation 1.
#include <gtest/gtest.h>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima::testing {
namespace {

struct Presented {
  unsigned nsr, pipr;
  bool line;
};

void expect_os(const Bench& bench, const Presented& expected) {
  EXPECT_EQ(bench.get(Ring::Os, reg::kNsr), expected.nsr);
  EXPECT_EQ(bench.get(Ring::Os, reg::kPipr), expected.pipr);
  EXPECT_EQ(bench.lines().os_ext, expected.line);
}

void expect_phys(const Bench& bench, const Presented& expected) {
  EXPECT_EQ(bench.get(Ring::Phys, reg::kNsr), expected.nsr);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kPipr), expected.pipr);
  EXPECT_EQ(bench.lines().hv_ext, expected.line);
}

// --- 3.4 SET_CPPR --------------------------------------------------------------------------------

TEST(SetCppr, OsPresentsExactlyWhenTheMostFavouredPendingPriorityIsBelowCppr) {
  Bench bench;
  bench.make_all_valid();
  for (unsigned ipb = 0; ipb < 256; ++ipb) {
    for (const std::uint8_t cppr : kLegalCpprs) {
      bench.set(Ring::Os, reg::kIpb, ipb);
      EXPECT_EQ(bench.store(Page::Os, 0x11, 1, cppr).code, ErrorCode::None);
      const unsigned best = most_favoured(ipb);
      const bool up = best < cppr;
      SCOPED_TRACE(::testing::Message() << "ipb " << ipb << " cppr " << int(cppr));
      expect_os(bench, {up ? 0x80U : 0U, best, up});
      EXPECT_EQ(bench.get(Ring::Os, reg::kCppr), cppr);
      EXPECT_EQ(bench.get(Ring::Os, reg::kIpb), ipb);
    }
  }
}

TEST(SetCppr, PhysChoosesBetweenPhysAndPoolAndPrefersPhysInATie) {
  Bench bench;
  bench.make_all_valid();
  for (unsigned pool = 0; pool < 256; ++pool) {
    bench.set(Ring::Pool, reg::kIpb, pool);
    for (unsigned phys = 0; phys < 256; ++phys) {
      bench.set(Ring::Phys, reg::kIpb, phys);
      for (const std::uint8_t cppr : kLegalCpprs) {
        bench.store(Page::Hv, 0x31, 1, cppr);
        const bool from_pool = most_favoured(pool) < most_favoured(phys);
        const unsigned best = from_pool ? most_favoured(pool) : most_favoured(phys);
        const bool up = best < cppr;
        ASSERT_EQ(bench.get(Ring::Phys, reg::kNsr), !up         ? 0U
                                                    : from_pool ? 0x40U
                                                                : 0x80U)
            << pool << ' ' << phys << ' ' << int(cppr);
        ASSERT_EQ(bench.get(Ring::Phys, reg::kPipr), best);
        ASSERT_EQ(bench.lines().hv_ext, up);
      }
    }
  }
  EXPECT_EQ(bench.get(Ring::Pool, reg::kNsr), 0);
  EXPECT_EQ(bench.get(Ring::Pool, reg::kPipr), 0);
}

TEST(SetCppr, PhysDoesNotLookAtPoolThatIsNotValid) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Pool, reg::kWord2, 0);
  bench.set(Ring::Pool, reg::kIpb, 0x80);
  bench.set(Ring::Phys, reg::kIpb, 0x04);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  expect_phys(bench, {0x80, 5, true});
}

TEST(SetCppr, Stores8ToFeAsFf) {
  Bench bench;
  for (unsigned data = 0; data < 256; ++data) {
    bench.store(Page::Os, 0x11, 1, data);
    bench.store(Page::Hv, 0x31, 1, data);
    EXPECT_EQ(bench.get(Ring::Os, reg::kCppr), data < 8 ? data : 0xff);
    EXPECT_EQ(bench.get(Ring::Phys, reg::kCppr), data < 8 ? data : 0xff);
  }
}

TEST(SetCppr, UnchangedValueStillEvaluates) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Os, 0x11, 1, 7);
  bench.set(Ring::Os, reg::kIpb, 0x10);
  bench.store(Page::Os, 0x11, 1, 7);
  expect_os(bench, {0x80, 3, true});
}

TEST(SetCppr, PiprIsNotClampedToCppr) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Os, reg::kIpb, 0x01);
  bench.store(Page::Os, 0x11, 1, 3);
  expect_os(bench, {0, 7, false});
}

TEST(SetCppr, OverwritesStaleNsrInsteadOfOring) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Phys, reg::kNsr, 0x7f);
  bench.set(Ring::Phys, reg::kIpb, 0x20);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  expect_phys(bench, {0x80, 2, true});
}

TEST(SetCppr, LineStaysDownWhileTheRingIsNotValidButTheLatchIsSet) {
  Bench bench;
  bench.set(Ring::Os, reg::kIpb, 0x80);
  bench.store(Page::Os, 0x11, 1, 0xff);
  EXPECT_TRUE(bench.state().l_os);
  EXPECT_FALSE(bench.lines().os_ext);
  bench.make_all_valid();
  EXPECT_TRUE(bench.lines().os_ext);
}

// --- 3.3 PRESENT ---------------------------------------------------------------------------------

TEST(Present, SetsThePendingBitAndPresentsWhenMoreFavouredThanPipr) {
  for (unsigned ipb = 0; ipb < 256; ++ipb) {
    for (const std::uint8_t cppr : kLegalCpprs) {
      for (unsigned prio = 0; prio < 8; ++prio) {
        Bench bench;
        bench.make_all_valid();
        bench.set(Ring::Os, reg::kIpb, ipb);
        bench.store(Page::Os, 0x11, 1, cppr);
        const ThreadState before = bench.state();
        ASSERT_TRUE(bench.present(Ring::Os, Bench::kOsIdx, prio).ack);
        ASSERT_EQ(bench.get(Ring::Os, reg::kIpb), ipb | 0x80U >> prio);
        if (prio < most_favoured(ipb)) {
          expect_os(bench, {prio < cppr ? 0x80U : 0U, prio, prio < cppr});
        } else {
          ThreadState expected = before;
          expected.at(Ring::Os, reg::kIpb) |= static_cast<std::uint8_t>(0x80U >> prio);
          ASSERT_EQ(bench.state(), expected);
        }
      }
    }
  }
}

TEST(Present, PoolSignalsThroughPhysAndTouchesNoPoolByteButIpb) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Hv, 0x31, 1, 0xff);
  ASSERT_TRUE(bench.present(Ring::Pool, Bench::kPoolIdx, 5).ack);
  expect_phys(bench, {0x40, 5, true});
  EXPECT_EQ(bench.get(Ring::Pool, reg::kIpb), 0x04);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kIpb), 0);
  EXPECT_EQ(bench.get(Ring::Pool, reg::kNsr), 0);
  EXPECT_EQ(bench.get(Ring::Pool, reg::kCppr), 0);
  EXPECT_EQ(bench.get(Ring::Pool, reg::kPipr), 0);
}

TEST(Present, SwitchFromPoolToPhysAssignsNsrAndKeepsBothPendingBits) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Hv, 0x31, 1, 0xff);
  bench.present(Ring::Pool, Bench::kPoolIdx, 5);
  bench.present(Ring::Phys, bench.hw_idx(), 2);
  expect_phys(bench, {0x80, 2, true});
  EXPECT_EQ(bench.get(Ring::Pool, reg::kIpb), 0x04);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kIpb), 0x20);
  bench.present(Ring::Pool, Bench::kPoolIdx, 0);
  expect_phys(bench, {0x40, 0, true});
}

TEST(Present, PriorityAbove7IsAckedAndChangesNothing) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Os, 0x11, 1, 0xff);
  const ThreadState before = bench.state();
  for (const unsigned prio : {8U, 0x80U, 0xffU}) {
    EXPECT_TRUE(bench.present(Ring::Os, Bench::kOsIdx, prio).ack);
  }
  EXPECT_EQ(bench.state(), before);
}

TEST(Present, LevelIsIgnoredInGeneration1) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Os, 0x11, 1, 0xff);
  PresenterRequest request =
      PortDriver::directed(PresenterCmd::Present, Bench::kBlk, Bench::kOsIdx, 1);
  request.thread = static_cast<std::uint8_t>(bench.thread);
  request.ring = Ring::Os;
  request.level = 0x3f;
  EXPECT_TRUE(bench.reference.presenter(request).ack);
  expect_os(bench, {0x80, 1, true});
  EXPECT_EQ(bench.get(Ring::Os, reg::kIpb), 0x40);
}

// --- 3.6 Set OS pending --------------------------------------------------------------------------

TEST(SetOsPending, AddsThePriorityAndRecomputes) {
  for (unsigned data = 0; data < 256; ++data) {
    for (const std::uint8_t cppr : kLegalCpprs) {
      Bench bench;
      bench.make_all_valid();
      bench.set(Ring::Os, reg::kCppr, cppr);
      bench.set(Ring::Os, reg::kIpb, 0x04);
      EXPECT_EQ(bench.store(Page::Os, 0x812, 1, data).code, ErrorCode::None);
      const unsigned ipb = 0x04U | (data < 8 ? 0x80U >> data : 0U);
      const unsigned best = most_favoured(ipb);
      EXPECT_EQ(bench.get(Ring::Os, reg::kIpb), ipb);
      expect_os(bench, {best < cppr ? 0x80U : 0U, best, best < cppr});
    }
  }
}

// --- 3.7 ACCEPT ----------------------------------------------------------------------------------

TEST(Accept, OsTakesThePresentedInterrupt) {
  for (unsigned ipb = 1; ipb < 256; ++ipb) {
    Bench bench;
    bench.make_all_valid();
    bench.set(Ring::Os, reg::kIpb, ipb);
    bench.store(Page::Os, 0x11, 1, 0xff);
    const unsigned best = most_favoured(ipb);
    EXPECT_EQ(bench.load(Page::Os, 0x810, 2).rdata, 0x8000U | best);
    EXPECT_EQ(bench.get(Ring::Os, reg::kCppr), best);
    EXPECT_EQ(bench.get(Ring::Os, reg::kIpb), ipb & ~(0x80U >> best));
    expect_os(bench, {0, best, false});
    // The next one shows only after a CPPR store.
    EXPECT_EQ(bench.load(Page::Os, 0x810, 2).rdata, best);
  }
}

TEST(Accept, WithoutExceptionChangesNothing) {
  for (unsigned value = 0; value < 256; ++value) {
    Bench bench;
    bench.make_all_valid();
    bench.set(Ring::Os, reg::kNsr, value);
    bench.set(Ring::Os, reg::kCppr, 6);
    bench.set(Ring::Os, reg::kPipr, 2);
    bench.set(Ring::Os, reg::kIpb, 0xff);
    bench.set(Ring::Phys, reg::kNsr, value);
    bench.set(Ring::Phys, reg::kCppr, 5);
    bench.set(Ring::Phys, reg::kPipr, 2);
    bench.set_latches(true, true);
    const ThreadState before = bench.state();
    if (value < 0x80) {
      EXPECT_EQ(bench.load(Page::Os, 0x810, 2).rdata, value << 8U | 6U);
      EXPECT_EQ(bench.state(), before);
    }
    if (value < 0x40) {
      EXPECT_EQ(bench.load(Page::Hv, 0x830, 2).rdata, value << 8U | 5U);
      EXPECT_EQ(bench.state(), before);
    }
  }
}

TEST(Accept, PoolExceptionClearsThePoolBitOnly) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Phys, reg::kIpb, 0x04);
  bench.set(Ring::Pool, reg::kIpb, 0x0c);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  EXPECT_EQ(bench.load(Page::Hv, 0x830, 2).rdata, 0x4004U);
  EXPECT_EQ(bench.get(Ring::Pool, reg::kIpb), 0x04);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kIpb), 0x04);
  expect_phys(bench, {0, 4, false});
  // Tie at priority 5: PHYS first, then POOL.
  bench.store(Page::Hv, 0x31, 1, 0xff);
  EXPECT_EQ(bench.load(Page::Hv, 0x830, 2).rdata, 0x8005U);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kIpb), 0);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  EXPECT_EQ(bench.load(Page::Hv, 0x830, 2).rdata, 0x4005U);
  EXPECT_EQ(bench.get(Ring::Pool, reg::kIpb), 0);
}

TEST(Accept, HeWithoutARingClearsNoPendingBit) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Phys, reg::kIpb, 0xff);
  bench.set(Ring::Pool, reg::kIpb, 0xff);
  bench.set(Ring::Phys, reg::kNsr, 0xc0);
  bench.set(Ring::Phys, reg::kPipr, 3);
  bench.set_latches(true, true);
  EXPECT_EQ(bench.load(Page::Hv, 0x830, 2).rdata, 0xc003U);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kIpb), 0xff);
  EXPECT_EQ(bench.get(Ring::Pool, reg::kIpb), 0xff);
  expect_phys(bench, {0, 3, false});
  EXPECT_TRUE(bench.state().l_os);
}

TEST(Accept, GroupLevelInNsrClearsNoPendingBitButAllOfNsr) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Os, reg::kIpb, 0x10);
  bench.set(Ring::Os, reg::kNsr, 0x82);
  bench.set(Ring::Os, reg::kPipr, 3);
  EXPECT_EQ(bench.load(Page::Os, 0x810, 2).rdata, 0x8203U);
  EXPECT_EQ(bench.get(Ring::Os, reg::kIpb), 0x10);
  EXPECT_EQ(bench.get(Ring::Os, reg::kNsr), 0);
}

TEST(Accept, OsAckLeavesTheHypervisorLineAlone) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Phys, reg::kIpb, 0x80);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  bench.set(Ring::Os, reg::kIpb, 0x80);
  bench.store(Page::Os, 0x11, 1, 0xff);
  bench.load(Page::Os, 0x810, 2);
  EXPECT_TRUE(bench.lines().hv_ext);
  EXPECT_FALSE(bench.lines().os_ext);
}

// --- 3.8 Lines -----------------------------------------------------------------------------------

TEST(Lines, RawAccessesPollsAndVtStoresNeverMoveALatch) {
  for (const bool latch : {false, true}) {
    Bench bench;
    bench.make_all_valid();
    bench.set(Ring::Os, reg::kIpb, 0xff);
    bench.set(Ring::Phys, reg::kIpb, 0xff);
    bench.set_latches(latch, latch);
    bench.store(Page::Hv, 0x10, 8, 0xffffffffffffffffU);
    bench.store(Page::Hv, 0x30, 4, 0x00ffffffU);
    bench.store(Page::Hv, 0x18, 8, 0);
    bench.load(Page::Hv, 0x30, 8);
    bench.load(Page::Hv, 0x38, 1);
    bench.store(Page::Hv, 0x38, 1, 0x00);
    bench.store(Page::Hv, 0x38, 1, 0x80);
    EXPECT_EQ(bench.state().l_os, latch);
    EXPECT_EQ(bench.state().l_hv, latch);
  }
}

}  // namespace
}  // namespace xive::tima::testing
