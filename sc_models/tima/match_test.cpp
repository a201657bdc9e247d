// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md section 4 and rule A3, generation 1.
#include <gtest/gtest.h>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima::testing {
namespace {

TEST(Match, FindsEachRingByItsCam) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Os, reg::kPipr, 4);
  bench.set(Ring::Phys, reg::kPipr, 6);
  const struct {
    std::uint32_t idx;
    Ring ring;
    unsigned pipr;
  } cases[] = {{bench.hw_idx(), Ring::Phys, 6},
               {Bench::kPoolIdx, Ring::Pool, 6},
               {Bench::kOsIdx, Ring::Os, 4}};
  for (const auto& c : cases) {
    const PresenterResponse response = bench.match(Bench::kBlk, c.idx);
    EXPECT_EQ(response.match, 1U << bench.thread);
    EXPECT_EQ(response.ring[bench.thread], c.ring);
    EXPECT_EQ(response.pipr[bench.thread], c.pipr);
    EXPECT_EQ(response.count, 1);
    EXPECT_EQ(response.precluded, 0);
    EXPECT_FALSE(response.multi_err);
    EXPECT_EQ(response.code, ErrorCode::None);
  }
}

TEST(Match, ComparesEveryBitOfBlockAndIndex) {
  Bench bench;
  bench.make_all_valid();
  for (unsigned bit = 0; bit < 4; ++bit) {
    EXPECT_EQ(bench.match(Bench::kBlk ^ 1U << bit, Bench::kOsIdx).match, 0) << bit;
    EXPECT_EQ(bench.match(Bench::kBlk ^ 1U << bit, bench.hw_idx()).match, 0) << bit;
  }
  for (unsigned bit = 0; bit < 19; ++bit) {
    EXPECT_EQ(bench.match(Bench::kBlk, Bench::kOsIdx ^ 1U << bit).match, 0) << bit;
    EXPECT_EQ(bench.match(Bench::kBlk, Bench::kPoolIdx ^ 1U << bit).match, 0) << bit;
  }
}

TEST(Match, CamWithBit8SetMatchesNothing) {
  Bench bench;
  bench.make_all_valid();
  bench.set_word2(Ring::Os, 0x80800000U | Bench::kBlk << 19U | Bench::kOsIdx);
  EXPECT_EQ(bench.match(Bench::kBlk, Bench::kOsIdx).match, 0);
}

TEST(Match, BitsOneToSevenOfWord2DoNotCount) {
  Bench bench;
  bench.make_all_valid();
  bench.set_word2(Ring::Os, 0xff000000U | Bench::kBlk << 19U | Bench::kOsIdx);
  EXPECT_EQ(bench.match(Bench::kBlk, Bench::kOsIdx).match, 1U << bench.thread);
}

TEST(Match, HwCamIsBlockAndLowSevenBitsOfPir) {
  Bench bench;
  bench.make_all_valid();
  StaticInputs inputs = bench.reference.inputs();
  inputs.blk = 9;
  inputs.pir[bench.thread] = 0x7fa5;
  bench.reference.configure(inputs);
  EXPECT_EQ(bench.match(9, 0x80U | 0x25U).match, 1U << bench.thread);
  EXPECT_EQ(bench.match(9, 0x25U).match, 0);
}

TEST(Match, OrderOfTheRingsIsPhysPoolOs) {
  Bench bench;
  bench.make_all_valid();
  const std::uint32_t same = 0x80000000U | Bench::kBlk << 19U | bench.hw_idx();
  bench.set_word2(Ring::Os, same);
  bench.set_word2(Ring::Pool, same);
  const auto ring = [&] { return bench.match(Bench::kBlk, bench.hw_idx()).ring[bench.thread]; };
  EXPECT_EQ(ring(), Ring::Phys);
  bench.set(Ring::Phys, reg::kWord2, 0);
  EXPECT_EQ(ring(), Ring::Pool);
  bench.set(Ring::Pool, reg::kWord2, 0);
  EXPECT_EQ(ring(), Ring::Os);
  bench.set(Ring::Os, reg::kWord2, 0);
  EXPECT_EQ(bench.match(Bench::kBlk, bench.hw_idx()).match, 0);
}

TEST(Match, DisabledThreadNeverMatches) {
  Bench bench;
  bench.make_all_valid();
  ThreadState state = bench.state();
  state.enabled = false;
  bench.reference.set_state(bench.thread, state);
  EXPECT_EQ(bench.match(Bench::kBlk, Bench::kOsIdx).match, 0);
  EXPECT_FALSE(bench.present(Ring::Os, Bench::kOsIdx, 1).ack);
}

TEST(Match, SeveralThreadsAreAllReportedWithMultiError) {
  Bench bench;
  for (bench.thread = 0; bench.thread < Bench::kThreads; ++bench.thread) {
    if (bench.thread != 2) bench.make_all_valid();
  }
  const PresenterResponse response = bench.match(Bench::kBlk, Bench::kOsIdx);
  EXPECT_EQ(response.match, 0b1011);
  EXPECT_EQ(response.count, 3);
  EXPECT_TRUE(response.multi_err);
  EXPECT_EQ(response.code, ErrorCode::Multi);
}

TEST(Match, ChangesNoStateAndNoCode) {
  Bench bench;
  bench.make_all_valid();
  bench.load(Page::User, 0x810, 2);
  const ThreadState before = bench.state();
  bench.match(Bench::kBlk, Bench::kOsIdx);
  EXPECT_EQ(bench.state(), before);
  EXPECT_EQ(bench.reference.last_code(), ErrorCode::NoAccess);
}

TEST(Match, IgnoreIsUnsupported) {
  Bench bench;
  bench.make_all_valid();
  PresenterRequest request =
      PortDriver::directed(PresenterCmd::Match, Bench::kBlk, Bench::kOsIdx, 0);
  request.ignore = true;
  const PresenterResponse response = bench.reference.presenter(request);
  EXPECT_EQ(response.match, 0);
  EXPECT_EQ(response.count, 0);
  EXPECT_EQ(response.code, ErrorCode::GroupG1);
}

TEST(Match, Format1NeedsOsCamUserValidAndServer) {
  Bench bench;
  bench.make_all_valid();
  bench.set_word2(Ring::User, 0x92345678U);
  PresenterRequest request =
      PortDriver::directed(PresenterCmd::Match, Bench::kBlk, Bench::kOsIdx, 0xff);
  request.format = true;
  request.logic_serv = 0x12345678U;
  const PresenterResponse hit = bench.reference.presenter(request);
  EXPECT_EQ(hit.match, 1U << bench.thread);
  EXPECT_EQ(hit.ring[bench.thread], Ring::User);
  EXPECT_EQ(hit.pipr[bench.thread], 0);

  PresenterRequest other_server = request;
  other_server.logic_serv ^= 0x40000000U;
  EXPECT_EQ(bench.reference.presenter(other_server).match, 0);
  PresenterRequest other_vp = request;
  other_vp.idx ^= 1;
  EXPECT_EQ(bench.reference.presenter(other_vp).match, 0);
  bench.set_word2(Ring::User, 0x12345678U);
  EXPECT_EQ(bench.reference.presenter(request).match, 0);
}

// --- PRESENT validates again ---------------------------------------------------------------------

TEST(PresentValidation, RingMustBeValidAndItsCamMustStillMatch) {
  Bench bench;
  bench.make_all_valid();
  const auto expect_nack = [&](Ring ring, std::uint32_t idx, unsigned blk = Bench::kBlk) {
    const ThreadState before = bench.state();
    const PresenterResponse response = bench.present(ring, idx, 0, blk);
    EXPECT_FALSE(response.ack);
    EXPECT_EQ(response.code, ErrorCode::None);
    EXPECT_EQ(bench.state(), before);
  };
  expect_nack(Ring::Os, Bench::kPoolIdx);
  expect_nack(Ring::Pool, Bench::kOsIdx);
  expect_nack(Ring::Phys, Bench::kOsIdx);
  expect_nack(Ring::Os, Bench::kOsIdx, Bench::kBlk + 1);
  expect_nack(Ring::User, Bench::kOsIdx);
  EXPECT_TRUE(bench.present(Ring::Phys, bench.hw_idx(), 7).ack);
  bench.set(Ring::Os, reg::kWord2, 0);
  expect_nack(Ring::Os, Bench::kOsIdx);
}

TEST(PresentValidation, OnlyTheNamedRingCountsNotTheRingOrder) {
  Bench bench;
  bench.make_all_valid();
  bench.set_word2(Ring::Os, 0x80000000U | Bench::kBlk << 19U | bench.hw_idx());
  EXPECT_TRUE(bench.present(Ring::Os, bench.hw_idx(), 3).ack);
  EXPECT_EQ(bench.get(Ring::Os, reg::kIpb), 0x10);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kIpb), 0);
}

TEST(PresentValidation, IgnoreComesFirstAndFormat1Nacks) {
  Bench bench;
  bench.make_all_valid();
  PresenterRequest request =
      PortDriver::directed(PresenterCmd::Present, Bench::kBlk, Bench::kOsIdx, 0);
  request.thread = static_cast<std::uint8_t>(bench.thread);
  request.ring = Ring::Os;
  const ThreadState before = bench.state();
  request.ignore = true;
  EXPECT_EQ(bench.reference.presenter(request).code, ErrorCode::GroupG1);
  EXPECT_FALSE(bench.reference.presenter(request).ack);
  EXPECT_EQ(bench.reference.last_code(), ErrorCode::GroupG1);
  request.ignore = false;
  request.format = true;
  EXPECT_FALSE(bench.reference.presenter(request).ack);
  EXPECT_EQ(bench.reference.last_code(), ErrorCode::None);
  EXPECT_EQ(bench.state(), before);
}

TEST(Bcast, HasNoEffectInGeneration1) {
  Bench bench;
  bench.make_all_valid();
  bench.set(Ring::Os, reg::kLgs, 1);
  const ThreadState before = bench.state();
  PresenterRequest request =
      PortDriver::directed(PresenterCmd::Bcast, Bench::kBlk, Bench::kOsIdx, 1);
  request.ignore = true;
  const PresenterResponse response = bench.reference.presenter(request);
  EXPECT_EQ(response.count, 0);
  EXPECT_EQ(response.code, ErrorCode::GroupG1);
  EXPECT_EQ(bench.state(), before);
}

}  // namespace
}  // namespace xive::tima::testing
