// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/spr.h"

#include <gtest/gtest.h>

#include "sc_models/ppc/core.h"
#include "sc_models/ppc/testing.h"

namespace xive::ppc {
namespace {

using testing::ManualClock;

constexpr std::uint64_t kHv = msr::kSf | msr::kHv;

class Sprs : public ::testing::Test {
 protected:
  Sprs() { thread.set_msr(kHv); }
  std::uint64_t get(unsigned number) {
    std::uint64_t value = 0;
    EXPECT_EQ(thread.mfspr(number, value), Trap::None) << number;
    return value;
  }
  void put(unsigned number, std::uint64_t value) {
    EXPECT_EQ(thread.mtspr(number, value), Trap::None) << number;
  }
  ManualClock clock;
  Core core{[] {
              CoreConfig c;
              c.first_pir = 0x104;
              return c;
            }(),
            clock};
  HardwareThread& thread = core.thread(2);
};

TEST_F(Sprs, PlainRegistersHoldTheirValue) {
  for (const unsigned number :
       {spr::kXer,    spr::kLr,        spr::kCtr,       spr::kDscr,  spr::kDsisr, spr::kDar,
        spr::kSrr0,   spr::kSrr1,      spr::kCfar,      spr::kFscr,  spr::kRpr,   spr::kHfscr,
        spr::kSprg0,  spr::kSprg0 + 1, spr::kSprg0 + 2, spr::kSprg3, spr::kSprc,  spr::kSprd,
        spr::kHsprg0, spr::kHsprg1,    spr::kHrmor,     spr::kHsrr0, spr::kHsrr1, spr::kTfmr,
        spr::kLpcr,   spr::kLpidr,     spr::kHmeer,     spr::kPcr,   spr::kAmor,  spr::kPtcr,
        spr::kPsscr,  spr::kTscr,      spr::kHid0}) {
    put(number, 0x1234567800000000 + number);
    EXPECT_EQ(get(number), 0x1234567800000000 + number) << number;
  }
}

TEST_F(Sprs, IdentityIsReadOnly) {
  EXPECT_EQ(get(spr::kPir), 0x106U);
  EXPECT_EQ(get(spr::kTir), 2U);
  EXPECT_EQ(get(spr::kPvr) >> 16U, 0x4eU);
  for (const unsigned number : {spr::kPir, spr::kTir, spr::kPvr, spr::kTbu}) {
    EXPECT_EQ(thread.mtspr(number, 1), Trap::Privileged) << number;
  }
  std::uint64_t value = 0;
  EXPECT_EQ(thread.mfspr(spr::kTbu40, value), Trap::Privileged);
  EXPECT_EQ(thread.mfspr(1022, value), Trap::Privileged);
}

TEST_F(Sprs, PrivilegeByState) {
  std::uint64_t value = 0;
  thread.set_msr(msr::kSf);
  EXPECT_EQ(thread.mfspr(spr::kSrr0, value), Trap::None);
  EXPECT_EQ(thread.mfspr(spr::kHsrr0, value), Trap::Privileged);
  EXPECT_EQ(thread.mtspr(spr::kLpcr, 0), Trap::Privileged);
  EXPECT_EQ(thread.mtspr(spr::kDpdes, 1), Trap::Privileged);
  thread.set_msr(kHv | msr::kPr);
  EXPECT_EQ(thread.mfspr(spr::kSrr0, value), Trap::Privileged);
  EXPECT_EQ(thread.mfspr(spr::kLr, value), Trap::None);
  EXPECT_EQ(thread.mfspr(spr::kTb, value), Trap::None);
}

TEST_F(Sprs, HmerCanOnlyBeClearedBySoftware) {
  thread.set_hmer(hmer::kXscomDone | hmer::kXscomFail);
  put(spr::kHmer, ~hmer::kXscomDone);
  EXPECT_EQ(get(spr::kHmer), hmer::kXscomFail);
  EXPECT_FALSE(thread.pending().has(Cause::Hmi));  // not enabled in HMEER
  put(spr::kHmeer, hmer::kXscomFail);
  EXPECT_TRUE(thread.pending().has(Cause::Hmi));
}

TEST_F(Sprs, TimeBaseCanBeSetAsAWholeAndInParts) {
  clock.time = platform::kSecond;
  EXPECT_EQ(get(spr::kTb), 512'000'000U);
  put(spr::kTbuWrite, 0);
  put(spr::kTblWrite, 0);
  EXPECT_EQ(get(spr::kTb), 0U);
  put(spr::kTbuWrite, 7);
  put(spr::kTblWrite, 9);
  EXPECT_EQ(get(spr::kTb), 0x700000009U);
  EXPECT_EQ(get(spr::kTbu), 7U);
  put(spr::kTbu40, 0xab000000);
  EXPECT_EQ(get(spr::kTb), 0xab000009U);
}

TEST_F(Sprs, DecrementersFollowLd) {
  put(spr::kDec, 0x80000000);
  EXPECT_EQ(get(spr::kDec), 0x80000000U);
  EXPECT_TRUE(thread.pending().has(Cause::Decrementer));
  put(spr::kLpcr, lpcr::kLd);
  put(spr::kDec, 0x80000000);
  EXPECT_FALSE(thread.pending().has(Cause::Decrementer));
  put(spr::kDec, std::uint64_t{1} << 55U);
  EXPECT_EQ(get(spr::kDec), ~std::uint64_t{0} << 55U);
  EXPECT_TRUE(thread.pending().has(Cause::Decrementer));
  put(spr::kHdec, 5);
  EXPECT_EQ(get(spr::kHdec), 5U);
}

TEST_F(Sprs, DpdesIsSharedByTheCore) {
  put(spr::kDpdes, 0b1100);
  EXPECT_TRUE(core.thread(2).pending().has(Cause::PrivilegedDoorbell));
  EXPECT_TRUE(core.thread(3).pending().has(Cause::PrivilegedDoorbell));
  EXPECT_EQ(get(spr::kDpdes), 0b1100U);
}

TEST_F(Sprs, SupervisorSeesOnlyTheLevelOfPsscr) {
  put(spr::kPsscr, 0x300301);
  thread.set_msr(msr::kSf);
  EXPECT_EQ(get(spr::kPsscrSupervisor), 1U);
  put(spr::kPsscrSupervisor, ~std::uint64_t{0});
  thread.set_msr(kHv);
  EXPECT_EQ(get(spr::kPsscr), 0x30030fU);
}

}  // namespace
}  // namespace xive::ppc
