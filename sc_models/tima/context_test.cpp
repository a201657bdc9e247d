// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md section 5, generation 1.
#include <gtest/gtest.h>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima::testing {
namespace {

constexpr std::uint32_t kWord2 = 0x80000000U | Bench::kBlk << 19U | Bench::kOsIdx;

// --- 5.2 Push ------------------------------------------------------------------------------------

TEST(PushOs, MergesRestoredAndMemoryIpbAndPresentsForEveryPairAndCppr) {
  Bench bench;
  bench.make_all_valid();
  for (unsigned saved = 0; saved < 256; ++saved) {
    for (unsigned nvt = 0; nvt < 256; nvt += saved % 7 + 1) {
      for (const std::uint8_t cppr : kLegalCpprs) {
        bench.load(Page::Hv, 0x818, 4);
        ASSERT_FALSE(bench.lines().os_ext);
        bench.store(Page::Hv, 0x10, 4, std::uint64_t{cppr} << 16U | saved << 8U);
        bench.memory.nvts[{Bench::kBlk, Bench::kOsIdx}] = static_cast<std::uint8_t>(nvt);
        ASSERT_EQ(bench.store(Page::Hv, 0x18, 4, kWord2).code, ErrorCode::None);
        const unsigned best = most_favoured(saved | nvt);
        ASSERT_EQ(bench.get(Ring::Os, reg::kIpb), saved | nvt);
        ASSERT_EQ(bench.get(Ring::Os, reg::kPipr), best);
        ASSERT_EQ(bench.get(Ring::Os, reg::kNsr), best < cppr ? 0x80 : 0);
        ASSERT_EQ(bench.lines().os_ext, best < cppr);
        ASSERT_EQ((bench.memory.nvts[{Bench::kBlk, Bench::kOsIdx}]), 0);
      }
    }
  }
}

TEST(PushOs, FetchNamesTheVpAndNothingElse) {
  Bench bench;
  bench.store(Page::Hv, 0x18, 4, 0xffffffffU);
  MemoryRequest expected;
  expected.op = MemoryOp::NvtIpbFetchClr;
  expected.thread = static_cast<std::uint8_t>(bench.thread);
  expected.blk = 0xf;
  expected.idx = 0x7ffff;
  ASSERT_EQ(bench.memory.requests.size(), 1U);
  EXPECT_EQ(bench.memory.requests[0], expected);
}

TEST(PushOs, WithVClearOnlyStoresTheWord) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Os, reg::kIpb, 0x80);
  bench.set(Ring::Os, reg::kCppr, 0xff);
  ThreadState expected = bench.state();
  EXPECT_EQ(bench.store(Page::Hv, 0x18, 4, 0x7f123456U).code, ErrorCode::None);
  for (unsigned i = 0; i < 4; ++i) {
    expected.at(Ring::Os, 8 + i) = static_cast<std::uint8_t>(0x7f123456U >> (24 - 8 * i));
  }
  EXPECT_EQ(bench.state(), expected);
  EXPECT_TRUE(bench.memory.requests.empty());
}

TEST(PushOs, UnreadableNvtIsFlaggedAndTheRestoredIpbStillPresented) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Hv, 0x10, 4, 0x00ff2000U);
  const MmioResponse response = bench.store(Page::Hv, 0x18, 4, 0x80000999U);
  EXPECT_FALSE(response.err);
  EXPECT_EQ(response.code, ErrorCode::Nvp);
  EXPECT_TRUE(bench.lines().os_ext);
  EXPECT_EQ(bench.get(Ring::Os, reg::kPipr), 2);
}

TEST(PushOs, OverAValidContextIsNotRejected) {
  Bench bench;
  bench.make_all_valid();
  bench.memory.nvts[{0, 7}] = 0x01;
  EXPECT_EQ(bench.store(Page::Hv, 0x18, 4, 0x80000007U).code, ErrorCode::None);
  EXPECT_EQ(bench.state().word2(Ring::Os), 0x80000007U);
  EXPECT_EQ(bench.get(Ring::Os, reg::kIpb), 0x01);
}

TEST(PushOs, ContextIsVisibleToMatchWhenTheFetchIsIssued) {
  Bench bench;
  bench.set(Ring::Os, reg::kIpb, 0x80);
  bench.set(Ring::Os, reg::kCppr, 0xff);
  bench.memory.nvts[{Bench::kBlk, Bench::kOsIdx}] = 0;
  bool seen = false;
  bench.memory.during = [&] {
    seen = true;
    EXPECT_EQ(bench.match(Bench::kBlk, Bench::kOsIdx).match, 1U << bench.thread);
    EXPECT_EQ(bench.state().word2(Ring::Os), kWord2);
    // Not evaluated yet.
    EXPECT_EQ(bench.get(Ring::Os, reg::kPipr), 0xff);
    EXPECT_FALSE(bench.lines().os_ext);
  };
  bench.store(Page::Hv, 0x18, 4, kWord2);
  EXPECT_TRUE(seen);
  EXPECT_TRUE(bench.lines().os_ext);
}

TEST(SetVt, StoresTheByteAndEvaluatesNothing) {
  Bench bench;
  bench.set(Ring::Phys, reg::kIpb, 0x80);
  bench.set(Ring::Phys, reg::kCppr, 0xff);
  ThreadState expected = bench.state();
  expected.at(Ring::Phys, reg::kWord2) = 0x83;
  EXPECT_EQ(bench.store(Page::Hv, 0x38, 1, 0x83).code, ErrorCode::None);
  EXPECT_EQ(bench.state(), expected);
  EXPECT_TRUE(bench.memory.requests.empty());
}

// --- 5.3 Pull ------------------------------------------------------------------------------------

/// OS and PHYS each present an interrupt; the lines are up.
void present_everywhere(Bench& bench) {
  bench.make_all_valid();
  bench.store(Page::Os, 0x11, 1, 0xff);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  bench.present(Ring::Os, Bench::kOsIdx, 3);
  bench.present(Ring::Phys, bench.hw_idx(), 4);
  EXPECT_TRUE(bench.lines().os_ext);
  EXPECT_TRUE(bench.lines().hv_ext);
}

TEST(PullOs, ClearsVoAndTheLineOnly) {
  Bench bench;
  present_everywhere(bench);
  ThreadState expected = bench.state();
  const MmioResponse response = bench.load(Page::Hv, 0x818, 4);
  EXPECT_EQ(response.rdata, kWord2);
  EXPECT_EQ(response.code, ErrorCode::None);
  expected.at(Ring::Os, reg::kWord2) &= 0x7f;
  expected.l_os = false;
  EXPECT_EQ(bench.state(), expected);
  EXPECT_FALSE(bench.lines().os_ext);
  EXPECT_TRUE(bench.lines().hv_ext);
}

TEST(PullOs, DropsTheLineEvenIfPiprIsNotBelowCppr) {
  Bench bench;
  present_everywhere(bench);
  bench.set(Ring::Os, reg::kPipr, 0xff);
  bench.load(Page::Hv, 0x818, 4);
  EXPECT_FALSE(bench.state().l_os);
}

TEST(PullOs, EightByteFormReturnsTheWordInAddressOrderOrAsTheKnobSays) {
  for (const bool low : {false, true}) {
    Knobs knobs;
    knobs.pull64_lo = low;
    Bench bench(knobs);
    bench.make_all_valid();
    EXPECT_EQ(bench.load(Page::Hv, 0x818, 8).rdata,
              low ? std::uint64_t{kWord2} : std::uint64_t{kWord2} << 32U);
    EXPECT_EQ(bench.load(Page::Hv, 0x828, 8).rdata >> (low ? 0U : 32U),
              0x80000000U | Bench::kBlk << 19U | Bench::kPoolIdx);
  }
}

TEST(PullPool, PresentsPhysAgainFromPhysIpbAlone) {
  for (unsigned phys = 0; phys < 256; ++phys) {
    for (const std::uint8_t cppr : kLegalCpprs) {
      Bench bench;
      bench.make_all_valid();
      bench.set(Ring::Pool, reg::kIpb, 0x80);
      bench.set(Ring::Phys, reg::kIpb, phys);
      bench.store(Page::Hv, 0x31, 1, cppr);
      bench.set_latches(true, bench.state().l_hv);
      EXPECT_EQ(bench.load(Page::Hv, 0x828, 4).rdata,
                0x80000000U | Bench::kBlk << 19U | Bench::kPoolIdx);
      const unsigned best = most_favoured(phys);
      EXPECT_EQ(bench.get(Ring::Phys, reg::kNsr), best < cppr ? 0x80 : 0);
      EXPECT_EQ(bench.get(Ring::Phys, reg::kPipr), best);
      EXPECT_EQ(bench.lines().hv_ext, best < cppr);
      EXPECT_EQ(bench.get(Ring::Pool, reg::kIpb), 0x80);
      EXPECT_FALSE(bench.state().valid(Ring::Pool));
      EXPECT_TRUE(bench.state().valid(Ring::Os));
      EXPECT_FALSE(bench.lines().os_ext);
    }
  }
}

TEST(PullPhys, ClearsVtAndBothLinesAndKeepsNsr) {
  Bench bench;
  present_everywhere(bench);
  bench.set(Ring::Phys, reg::kWord2, 0x83);
  ThreadState expected = bench.state();
  EXPECT_EQ(bench.load(Page::Hv, 0x838, 1).rdata, 0x83U);
  expected.at(Ring::Phys, reg::kWord2) = 0x03;
  expected.l_os = expected.l_hv = false;
  EXPECT_EQ(bench.state(), expected);
}

TEST(Pull, OfARingThatIsNotValidExecutesAndIsFlagged) {
  const struct {
    unsigned offset, size;
    std::uint64_t value;
  } cases[] = {{0x818, 4, 0x123}, {0x828, 4, 0x456}, {0x838, 1, 0x01}};
  for (const auto& c : cases) {
    Bench bench;
    bench.set_word2(Ring::Os, 0x123);
    bench.set_word2(Ring::Pool, 0x456);
    bench.set(Ring::Phys, reg::kWord2, 1);
    const MmioResponse response = bench.load(Page::Hv, c.offset, c.size);
    EXPECT_EQ(response.rdata, c.value);
    EXPECT_FALSE(response.err);
    EXPECT_EQ(response.code, ErrorCode::PullInvalid);
  }
}

TEST(Pull, ThenSoftwareRestoreAndPushBringsTheSameInterruptBack) {
  Bench bench;
  present_everywhere(bench);
  const ThreadState before = bench.state();
  bench.load(Page::Hv, 0x818, 4);
  const std::uint64_t saved = bench.load(Page::Hv, 0x10, 8).rdata;
  bench.store(Page::Hv, 0x10, 8, 0);
  bench.store(Page::Hv, 0x10, 8, saved);
  bench.memory.nvts[{Bench::kBlk, Bench::kOsIdx}] = 0;
  bench.store(Page::Hv, 0x18, 4, kWord2);
  EXPECT_EQ(bench.state(), before);
}

}  // namespace
}  // namespace xive::tima::testing
