// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/gen1/registers.h"

#include <gtest/gtest.h>

#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;
namespace reg = gen1::reg;

class Regs : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(m.book().clean()) << m.book().violations()[0].rule << ": "
                                  << m.book().violations()[0].detail;
  }
  std::uint64_t xscom(std::uint32_t x) {
    std::uint64_t value = 0;
    EXPECT_TRUE(m.chip().xscom_read(x, value));
    return value;
  }
  Machine m;
};

TEST_F(Regs, XscomAndMmioAreTheSameRegister) {
  const std::pair<std::uint32_t, std::uint16_t> pairs[] = {
      {0x0a, 0x050},  {0x100, 0x400}, {0x110, 0x480}, {0x163, 0x718}, {0x208, 0x840},
      {0x20d, 0x868}, {0x211, 0x908}, {0x213, 0x918}, {0x223, 0x998}, {0x233, 0xa18},
      {0x234, 0xa20}, {0x22d, 0x890}, {0x23f, 0x8b8}};
  std::uint64_t value = 0x0011223344556677 & ~reg::kTctxtOverride;
  for (const auto& [x, offset] : pairs) {
    m.set_reg(offset, ++value);
    EXPECT_EQ(xscom(x), value) << std::hex << x;
    ASSERT_TRUE(m.chip().xscom_write(x, ++value));
    EXPECT_EQ(m.reg(offset), value) << std::hex << offset;
  }
  std::uint64_t ignored = 0;
  EXPECT_FALSE(m.chip().xscom_read(0x300, ignored));
  EXPECT_FALSE(m.chip().xscom_write(0x300, 0));
}

TEST_F(Regs, UnlistedRegistersStoreAndAreReported) {
  m.set_reg(0x3f8, 0x1234);
  EXPECT_EQ(m.reg(0x3f8), 0x1234U);
  ASSERT_TRUE(m.chip().xscom_write(0x2f0, 0x77));
  EXPECT_EQ(xscom(0x2f0), 0x77U);
  EXPECT_EQ(m.chip().fir().count(FirId::UnlistedRegister), 4U);
}

TEST_F(Regs, OnlyEightByteAccesses) {
  for (const unsigned size : {1U, 2U, 4U}) {
    EXPECT_EQ(m.load(m.ic() + reg::kVcGlobalConfig, size), all_ones(size));
    EXPECT_EQ(m.last_reply, gen1::BusReply::Error);
  }
  m.store(m.ic() + reg::kVcGlobalConfig, 4, 0);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Error);
  EXPECT_EQ(m.reg(reg::kVcGlobalConfig), 0x80000000U);
  m.load(m.ic() + 4, 8);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Error) << "unaligned";
}

TEST_F(Regs, PagesThatTakeNoLoads) {
  EXPECT_EQ(m.load(m.ic() + 0x10000), ~std::uint64_t{0});
  EXPECT_EQ(m.load(m.ic() + 0x20000), ~std::uint64_t{0});
  EXPECT_EQ(m.load(m.ic() + 0x2000), ~std::uint64_t{0});
  EXPECT_EQ(m.load(Machine::kPc), ~std::uint64_t{0});
  EXPECT_EQ(m.chip().fir().count(FirId::CiBadAddress), 4U);
  EXPECT_FALSE(m.chip().ci_errors_masked());
  m.set_reg(reg::kFirMaskOr, reg::kFirCiBadAddress);
  EXPECT_TRUE(m.chip().ci_errors_masked());
  m.set_reg(reg::kFirMaskAnd, 0);
  EXPECT_EQ(m.reg(reg::kFirMask), 0U);
}

TEST_F(Regs, ResetControlUnmapsAllBars) {
  EXPECT_EQ(m.chip().area(Machine::kVc), gen1::Area::Vc);
  m.set_reg(reg::kRstCtl, reg::kRstBars);
  for (const std::uint64_t a : {Machine::kVc, Machine::kPc, Machine::kIc, Machine::kTm}) {
    EXPECT_EQ(m.chip().area(a), gen1::Area::None);
  }
  m.load(Machine::kVc);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Unclaimed);
}

TEST_F(Regs, SetTableFillsInOrderAndOnlyWithAutoIncrement) {
  for (unsigned s = 0; s < 64; ++s) {
    EXPECT_EQ(m.chip().registers().edt(s) >> 62U, s < 48 ? 1U : 2U);
    EXPECT_EQ(m.chip().registers().edt(s) >> 32U & 0x3fU, s < 48 ? s : s - 48);
  }
  m.set_reg(reg::kTar, reg::kTarVdt | 3ULL << 32U);
  m.set_reg(reg::kTdr, 0x11);
  m.set_reg(reg::kTdr, 0x22);
  EXPECT_EQ(m.chip().registers().vdt(3), 0x22U);
  EXPECT_EQ(m.chip().registers().vdt(4), 0U);
}

TEST_F(Regs, SetTableDecode) {
  m.set_reg(reg::kTar, reg::kTarEdt | reg::kTarAutoInc);
  m.set_reg(reg::kTdr, 0x4000000100000000);  // swap sets 0 and 1
  m.set_reg(reg::kTdr, 0x4000000000000000);
  m.set_reg(reg::kTdr, 0);  // set 2 invalid
  m.esb(0x10000, 0xe00);    // source 0x10000 lies in set 1 of 8 GiB
  EXPECT_EQ(m.esb(0x10000, 0x800), 2U);
  EXPECT_EQ(*platform::load_be<1>(m.memory(), Machine::kEsb), 0x95U) << "it is source 0 now";
  m.esb(0x20000, 0x800);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Error);
  EXPECT_EQ(m.chip().fir().count(FirId::EdtInvalid), 1U);
}

TEST_F(Regs, SmallPages) {
  ASSERT_TRUE(m.chip().xscom_write(0x20, 0));  // 4 KiB pages
  EXPECT_EQ(m.load(Machine::kVc + 0x40 * 0x2000 + 0x1e00), 1U);
  EXPECT_EQ(m.load(Machine::kVc + 0x40 * 0x2000 + 0x1800), 2U);
  EXPECT_EQ(*platform::load_be<1>(m.memory(), Machine::kEsb + 0x10), 0x95U);
}

TEST_F(Regs, EnableClearAndSetResetsTheThread) {
  const std::uint64_t bit = bit64(5);
  const auto vt = [&] { return m.load(m.ic() + 0x40000 + 0x38, 1); };
  m.set_reg(reg::kIndir0, 0x8005000000000000);
  m.store(m.ic() + 0x40000 + 0x38, 1, 0x80);
  EXPECT_EQ(vt(), 0x80U);
  m.set_reg(reg::kThreadEn0Clr, bit);
  EXPECT_EQ(m.reg(reg::kThreadEn0) & bit, 0U);
  EXPECT_EQ(vt(), 0xffU) << "disabled: error";
  m.set_reg(reg::kThreadEn0Set, bit);
  EXPECT_EQ(m.reg(reg::kThreadEn0Set) & bit, bit);
  EXPECT_EQ(vt(), 0U);
  m.set_reg(reg::kThreadEn1Set, bit64(0));
  EXPECT_EQ(m.chip().fir().count(FirId::NoThread), 1U) << "no such thread here";
}

TEST_F(Regs, IndirectAccess) {
  m.load(m.ic() + 0x40038, 1);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Error);
  EXPECT_EQ(m.chip().fir().count(FirId::IndirectInvalid), 1U);
  m.set_reg(reg::kIndir0, 0x807f000000000000);
  m.load(m.ic() + 0x40038, 1);
  EXPECT_EQ(m.chip().fir().count(FirId::NoThread), 1U);
  for (const unsigned n : {0U, 3U, 6U}) {
    m.set_reg(reg::kIndir0, reg::kIndirValid | std::uint64_t{n} << 48U);
    m.store(m.ic() + 0x40000 + 0x38, 1, 0x80 | n);
    EXPECT_EQ(m.tima().thread(n / 4, n % 4).state.at(tima::Ring::Phys, 8), 0x80 | n);
  }
}

TEST_F(Regs, HwBlockFollowsTheOverride) {
  EXPECT_EQ(m.tima().core(0).blk, 0);
  m.set_reg(reg::kTctxtCfg, reg::kTctxtOverride | 9ULL << 48U);
  EXPECT_EQ(m.tima().core(0).blk, 9);
  EXPECT_EQ(m.tima().core(1).blk, 9);
  m.set_reg(reg::kTctxtCfg, 9ULL << 48U);
  EXPECT_EQ(m.tima().core(0).blk, 0) << "chip id without the override";
}

TEST_F(Regs, SyncBitsAreSetByHardwareAndClearedBySoftware) {
  const std::uint64_t config = reg::kEnableU;
  m.set_reg(reg::kEqcConfig, config | reg::kSyncBits);
  EXPECT_EQ(m.reg(reg::kEqcConfig), config) << "software cannot set them";
  for (int round = 0; round < 2; ++round) {
    for (const unsigned at : {0xd00U, 0xd80U, 0xe00U, 0xc00U, 0xc80U}) {
      m.store(m.ic() + 0x10000 + at, 8, 0);
    }
    EXPECT_EQ(m.reg(reg::kEqcConfig), config | reg::kSyncBits);
    m.set_reg(reg::kEqcConfig, config);
    EXPECT_EQ(m.reg(reg::kEqcConfig), config);
  }
  m.store(m.ic() + 0x10e80, 8, 0);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Ok) << "PC sync";
}

TEST_F(Regs, PolledBitsComeBackClear) {
  for (const auto offset : {reg::kPcAtKill, reg::kVcAtKill, reg::kVpcScrubTrig, reg::kEqcScrubTrig,
                            reg::kIvcScrubTrig, reg::kSbcScrubTrig}) {
    m.set_reg(offset, ~std::uint64_t{0});
    EXPECT_EQ(m.reg(offset), ~reg::kPollValid) << std::hex << offset;
  }
}

TEST_F(Regs, VsdSelectsAreIndependent) {
  m.set_reg(reg::kVcVsdAddr, 0x0000000100000000);
  m.set_reg(reg::kPcVsdAddr, 0x0003000200000000);
  m.set_reg(reg::kPcVsdData, 0x8000000090000004);
  m.set_reg(reg::kVcVsdData, 0x80000000a0000004);
  EXPECT_EQ(m.chip().tables().pc().top(Table::Vp, 2), 0x8000000090000004U);
  EXPECT_EQ(m.chip().tables().vc().top(Table::Eas, 1), 0x80000000a0000004U);
  EXPECT_EQ(m.chip().tables().vc().top(Table::Vp, 2), 0U);
  m.set_reg(reg::kPcVsdAddr, 0x0000000100000000);
  m.set_reg(reg::kPcVsdData, 0x80000000b0000004);
  EXPECT_EQ(m.chip().tables().pc().top(Table::Eas, 1), 0x80000000b0000004U) << "IVT accepted";
}

TEST_F(Regs, IndirectTablesNeedTheirEnable) {
  m.set_reg(reg::kVcGlobalConfig, 0);
  m.set_reg(reg::kVcVsdAddr, 0x0002000500000000);
  m.set_reg(reg::kVcVsdData, 0x8000000090000084);
  EXPECT_EQ(m.chip().tables().vc().top(Table::End, 5), 0U);
  m.set_reg(reg::kVcGlobalConfig, 0x80000000);
  m.set_reg(reg::kVcVsdData, 0x8000000090000084);
  EXPECT_NE(m.chip().tables().vc().top(Table::End, 5), 0U);
}

// ---- Cache watch
// ---------------------------------------------------------------------------------

class Watch : public testing::TestWithParam<CacheMode> {
 protected:
  Watch() { m.usual_path(); }
  void TearDown() override {
    EXPECT_TRUE(m.book().clean()) << m.book().violations()[0].rule << ": "
                                  << m.book().violations()[0].detail;
  }
  static std::uint16_t dat(unsigned n) {
    return static_cast<std::uint16_t>(reg::kEqcWatchDat0 + 8 * n);
  }
  void arm(bool full) {
    m.set_reg(reg::kEqcWatchSpec, (full ? reg::kWatchFull : 0) | Machine::kEnd);
  }
  bool conflict() { return (m.reg(reg::kEqcWatchSpec) & reg::kWatchConflict) != 0; }
  std::uint64_t dword(unsigned n) {
    m.set_reg(reg::kEqcScrubMask, 0x0000000f00ffffff);
    m.set_reg(reg::kEqcScrubTrig, 0xa000000000000000 | Machine::kEnd);
    return m.memory().be64(m.end_address(Machine::kEnd) + 8U * n);
  }
  void event() {
    m.esb(Machine::kSource, 0xc00);
    m.trigger(Machine::kSource);
  }
  Machine m{Machine::Options{.caches = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Caches, Watch, testing::Values(CacheMode::Through, CacheMode::Back),
                         [](const auto& param) {
                           return param.param == CacheMode::Back ? "Back" : "Through";
                         });

TEST_P(Watch, LoadStageCommit) {
  arm(true);
  const std::uint64_t d0 = m.reg(dat(0));
  EXPECT_EQ(d0, 0xf000000000400000U);
  EXPECT_EQ(m.reg(dat(3)), 0x0000030000060000U);
  m.set_reg(dat(3), 0x0000030000050000);
  m.set_reg(dat(2), 0x11);
  EXPECT_EQ(dword(3), 0x0000030000060000U) << "staged only";
  m.set_reg(dat(0), d0);
  EXPECT_FALSE(conflict());
  EXPECT_EQ(dword(3), 0x0000030000050000U);
  EXPECT_EQ(dword(2), 0x11U);
}

TEST_P(Watch, FullDetectsAnEventInBetween) {
  arm(true);
  std::uint64_t d0 = m.reg(dat(0));
  event();
  m.set_reg(dat(2), 0x22);
  m.set_reg(dat(0), d0);
  EXPECT_TRUE(conflict());
  EXPECT_EQ(dword(0), 0xf000000000400001U) << "PAGE_OFF of the event is there";
  EXPECT_EQ(dword(2), 0U);
  arm(true);
  EXPECT_FALSE(conflict());
  d0 = m.reg(dat(0));
  m.set_reg(dat(2), 0x22);
  m.set_reg(dat(0), d0);
  EXPECT_FALSE(conflict());
  EXPECT_EQ(dword(2), 0x22U);
}

TEST_P(Watch, LightKeepsWhatTheHardwareChanges) {
  arm(false);
  const std::uint64_t d0 = m.reg(dat(0));
  event();
  m.set_reg(dat(2), 0x33);
  m.set_reg(dat(0), d0);
  EXPECT_FALSE(conflict());
  EXPECT_EQ(dword(0), 0xf000000000400001U);
  EXPECT_EQ(dword(2), 0x33U);
  EXPECT_EQ(dword(3), 0x0000030000060000U);
}

TEST_P(Watch, NvtHasEightDwords) {
  m.set_reg(reg::kVpcWatchSpec, reg::kWatchFull | 0x301);
  EXPECT_EQ(m.reg(reg::kVpcWatchDat0), 0U);
  for (unsigned n = 7; n > 0; --n) {
    m.set_reg(static_cast<std::uint16_t>(reg::kVpcWatchDat0 + 8 * n), 0x100 + n);
  }
  m.set_reg(reg::kVpcWatchDat0, 0x8000000000000008);
  m.set_reg(reg::kVpcScrubMask, 0x0000001f0007ffff);
  m.set_reg(reg::kVpcScrubTrig, 0xa000000000000301);
  EXPECT_EQ(m.memory().be64(m.vp_address(0x301)), 0x8000000000000008U);
  for (unsigned n = 1; n < 8; ++n)
    EXPECT_EQ(m.memory().be64(m.vp_address(0x301) + 8 * n), 0x100 + n);
}

TEST_P(Watch, EntryThatCannotBeReached) {
  m.set_reg(reg::kEqcWatchSpec, reg::kWatchFull | 0xffffff);
  EXPECT_EQ(m.reg(dat(0)), 0U);
  m.set_reg(dat(0), ~std::uint64_t{0});
  EXPECT_FALSE(conflict());
  EXPECT_GE(m.chip().fir().count(FirId::VsdNotProvisioned), 1U);
}

TEST(WriteBackCache, MemoryIsStaleUntilScrubbed) {
  Machine m{Machine::Options{.caches = CacheMode::Back}};
  m.usual_path();
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.end_word(Machine::kEnd, 1), end_w1::kGeneration) << "held in the cache";
  EXPECT_EQ(m.memory().be32(m.eq_address()), 0x80001234U) << "queues are never cached";
  m.set_reg(reg::kEqcScrubMask, 0x0000000f00ffffff);
  m.set_reg(reg::kEqcScrubTrig, 0xa000000000000000 | (Machine::kEnd + 1));
  EXPECT_EQ(m.end_word(Machine::kEnd, 1), end_w1::kGeneration) << "another END";
  m.set_reg(reg::kEqcScrubTrig, 0xa000000000000000 | Machine::kEnd);
  EXPECT_EQ(m.end_word(Machine::kEnd, 1), end_w1::kGeneration | 1U);
  // An EAS changed in memory is seen only after its scrub.
  m.set_eas(Machine::kSource, 0, Machine::kEnd, 0x777);
  m.esb(Machine::kSource, 0xc00);
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.memory().be32(m.eq_address() + 4), 0x80001234U);
  m.set_reg(reg::kIvcScrubMask, 0x0000000f00ffffff);
  m.set_reg(reg::kIvcScrubTrig, 0xa000000000000000 | Machine::kSource);
  m.esb(Machine::kSource, 0xc00);
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.memory().be32(m.eq_address() + 8), 0x80000777U);
  EXPECT_TRUE(m.book().clean());
}

}  // namespace
}  // namespace xive::ic
