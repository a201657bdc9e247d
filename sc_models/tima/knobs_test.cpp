// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md 0.4: each knob of generation 1 changes what it says and nothing else. K_PULL64 is
/// in context_test.cpp, the decode side of the others in decode_test.cpp.
#include <gtest/gtest.h>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima::testing {
namespace {

Knobs with(bool Knobs::*knob, bool value) {
  Knobs knobs;
  knobs.*knob = value;
  return knobs;
}

TEST(KnobAckRecompute, AckTakesPiprFromWhatIsLeftInTheRingsOwnIpb) {
  for (unsigned ipb = 1; ipb < 256; ++ipb) {
    Bench bench(with(&Knobs::ack_recompute, true));
    bench.make_all_valid();
    bench.set(Ring::Os, reg::kIpb, ipb);
    bench.store(Page::Os, 0x11, 1, 0xff);
    const unsigned best = most_favoured(ipb);
    EXPECT_EQ(bench.load(Page::Os, 0x810, 2).rdata, 0x8000U | best);
    EXPECT_EQ(bench.get(Ring::Os, reg::kPipr), most_favoured(ipb & ~(0x80U >> best)));
    EXPECT_EQ(bench.get(Ring::Os, reg::kNsr), 0);
    EXPECT_FALSE(bench.lines().os_ext);
  }
}

TEST(KnobAckRecompute, PoolAckLooksAtPhysIpb) {
  Bench bench(with(&Knobs::ack_recompute, true));
  bench.make_all_valid();
  bench.set(Ring::Pool, reg::kIpb, 0xc0);
  bench.set(Ring::Phys, reg::kIpb, 0x02);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  EXPECT_EQ(bench.load(Page::Hv, 0x830, 2).rdata, 0x4000U);
  EXPECT_EQ(bench.get(Ring::Phys, reg::kPipr), 6);
}

TEST(KnobG1PoolPush, PageOneReachesTheVpByte) {
  for (const unsigned base : {0x000U, 0x400U}) {
    for (const bool knob : {false, true}) {
      Bench bench(with(&Knobs::g1_pool_push, knob));
      bench.set(Ring::Pool, reg::kIpb, 0x80);
      bench.set(Ring::Phys, reg::kCppr, 0xff);
      EXPECT_EQ(bench.store(Page::Hv, base + 0x28, 4, 0x80000101U).code, ErrorCode::None);
      EXPECT_EQ(bench.state().word2(Ring::Pool), knob ? 0x80000101U : 0x00000101U);
      // No fetch, no evaluation.
      EXPECT_TRUE(bench.memory.requests.empty());
      EXPECT_EQ(bench.get(Ring::Phys, reg::kNsr), 0);

      bench.set(Ring::Pool, reg::kWord2, 0x80);
      EXPECT_EQ(bench.load(Page::Hv, base + 0x28, 4).rdata, knob ? 0x80000101U : 0x101U);
      EXPECT_EQ(bench.load(Page::Hv, base + 0x28, 8).rdata,
                (knob ? std::uint64_t{0x80000101U} : std::uint64_t{0x101U}) << 32U);
      // The 8-byte store keeps the mask.
      bench.store(Page::Hv, base + 0x28, 8, 0);
      EXPECT_EQ(bench.state().word2(Ring::Pool), 0x80000000U);
      // Other pages are as before.
      EXPECT_TRUE(bench.load(Page::Os, base + 0x28, 4).err);
    }
  }
}

TEST(KnobLow400Alias, WithoutItTheAddressesAreAccessErrors) {
  Bench bench(with(&Knobs::low400_alias, false));
  const ThreadState before = bench.state();
  EXPECT_EQ(bench.load(Page::Hv, 0x410, 8).code, ErrorCode::NoAccess);
  EXPECT_EQ(bench.store(Page::Hv, 0x510, 8, 0).code, ErrorCode::NoAccess);
  EXPECT_EQ(bench.state(), before);
  EXPECT_FALSE(bench.load(Page::Hv, 0x210, 8).err);
  Bench aliased;
  EXPECT_EQ(aliased.load(Page::Os, 0x410, 8).rdata, 0x000000ffff0000ffU);
}

TEST(KnobLow400Alias, AliasBypassesTheOperations) {
  Bench bench;
  bench.store(Page::Hv, 0x418, 4, 0x80000001U);
  EXPECT_EQ(bench.state().word2(Ring::Os), 0x80000001U);
  EXPECT_TRUE(bench.memory.requests.empty());
  EXPECT_TRUE(bench.store(Page::Hv, 0x411, 1, 5).err);
}

TEST(KnobCpprLoad, ByteLoadsOfCppr) {
  for (const bool knob : {false, true}) {
    Bench bench(with(&Knobs::cppr_load, knob));
    bench.store(Page::Os, 0x11, 1, 5);
    bench.store(Page::Hv, 0x31, 1, 6);
    EXPECT_EQ(bench.load(Page::Os, 0x11, 1).rdata, knob ? 5U : 0xffU);
    EXPECT_EQ(bench.load(Page::Hv, 0x31, 1).rdata, knob ? 6U : 0xffU);
    EXPECT_EQ(bench.load(Page::Os, 0x11, 1).err, !knob);
    EXPECT_TRUE(bench.load(Page::Os, 0x31, 1).err);
    EXPECT_TRUE(bench.load(Page::User, 0x11, 1).err);
  }
}

TEST(KnobUserRing, OffNothingOfTheUserRingIsReachable) {
  Bench bench;
  const ThreadState before = bench.state();
  for (unsigned page = 0; page < 4; ++page) {
    for (const unsigned size : {1U, 2U, 4U, 8U}) {
      for (const unsigned offset : {0x000U, 0x008U, 0x800U, 0x808U}) {
        EXPECT_TRUE(bench.load(static_cast<Page>(page), offset, size).err);
        EXPECT_TRUE(bench.store(static_cast<Page>(page), offset, size, ~0ULL).err);
      }
    }
  }
  EXPECT_EQ(bench.state(), before);
}

TEST(KnobUserRing, EventGoesFromPresentToLineToAcknowledge) {
  Bench bench(with(&Knobs::user_ring, true));
  bench.make_all_valid();
  EXPECT_EQ(bench.store(Page::Os, 0x808, 4, 0x80000042U).code, ErrorCode::None);
  PresenterRequest request =
      PortDriver::directed(PresenterCmd::Present, Bench::kBlk, Bench::kOsIdx, 0xff);
  request.format = true;
  request.logic_serv = 0x42;
  request.thread = static_cast<std::uint8_t>(bench.thread);
  request.ring = Ring::User;
  EXPECT_TRUE(bench.reference.presenter(request).ack);
  EXPECT_TRUE(bench.lines().user_ebb);
  EXPECT_EQ(bench.load(Page::User, 0x000, 1).rdata, 0x80U);
  EXPECT_EQ(bench.load(Page::User, 0x800, 1).rdata, 0x80U);
  EXPECT_FALSE(bench.lines().user_ebb);
  EXPECT_EQ(bench.load(Page::User, 0x000, 1).rdata, 0x00U);

  bench.store(Page::User, 0x000, 1, 0x80);
  EXPECT_TRUE(bench.lines().user_ebb);
  EXPECT_EQ(bench.load(Page::Os, 0x808, 4).rdata, 0x80000042U);
  EXPECT_FALSE(bench.lines().user_ebb);
  EXPECT_EQ(bench.load(Page::Os, 0x808, 4).code, ErrorCode::PullInvalid);
  EXPECT_FALSE(bench.reference.presenter(request).ack);

  request.ring = Ring::Os;
  EXPECT_FALSE(bench.reference.presenter(request).ack);
  request.ring = Ring::User;
  request.format = false;
  EXPECT_FALSE(bench.reference.presenter(request).ack);
}

TEST(KnobsOfGeneration2, ChangeNothingInGeneration1) {
  for (bool Knobs::*knob : {&Knobs::save_clr_ipb, &Knobs::pool_cppr, &Knobs::lsmfb_min}) {
    Bench bench(with(knob, false));
    Bench standard;
    for (Bench* b : {&bench, &standard}) {
      b->make_all_valid();
      b->store(Page::Os, 0x11, 1, 0xff);
      b->present(Ring::Os, Bench::kOsIdx, 3);
      b->load(Page::Hv, 0x818, 4);
    }
    EXPECT_EQ(bench.state(), standard.state());
  }
}

}  // namespace
}  // namespace xive::tima::testing
