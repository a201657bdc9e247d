// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/source/pq.h"

#include <gtest/gtest.h>

#include "sc_models/xive/source/esb_page.h"
#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;

struct Row {
  PqOp op;
  Pq before, after;
  bool forward;
};

TEST(PqTable, SixteenCasesOfTheSpecification) {
  constexpr Pq k00 = Pq::Reset, k01 = Pq::Off, k10 = Pq::Pending, k11 = Pq::Queued;
  const Row rows[] = {{PqOp::Trigger, k00, k10, true},  {PqOp::Trigger, k10, k11, false},
                      {PqOp::Trigger, k11, k11, false}, {PqOp::Trigger, k01, k01, false},
                      {PqOp::Eoi, k00, k00, false},     {PqOp::Eoi, k10, k00, false},
                      {PqOp::Eoi, k11, k10, true},      {PqOp::Eoi, k01, k01, false},
                      {PqOp::Assert, k00, k10, true},   {PqOp::Assert, k10, k10, false},
                      {PqOp::Assert, k11, k11, false},  {PqOp::Assert, k01, k01, false}};
  for (const Row& row : rows) {
    const PqStep step = pq_step(row.op, row.before);
    EXPECT_EQ(step.next, row.after) << static_cast<int>(row.op) << static_cast<int>(row.before);
    EXPECT_EQ(step.forward, row.forward);
  }
  for (const Pq before : {k00, k01, k10, k11}) {
    for (unsigned pq = 0; pq < 4; ++pq) {
      EXPECT_EQ(static_cast<unsigned>(pq_step(pq_set(pq), before).next), pq);
      EXPECT_FALSE(pq_step(pq_set(pq), before).forward);
    }
    EXPECT_EQ(pq_step(PqOp::Get, before).next, before);
  }
}

class EsbPages : public testing::Test {
 protected:
  Machine m;
  std::uint32_t source = 0x33;
  unsigned pq() { return static_cast<unsigned>(m.esb(source, 0x800)); }
  void set(unsigned value) { m.esb(source, 0xc00 + 0x100 * value); }
};

TEST_F(EsbPages, InitialMemoryMeansOff) {
  EXPECT_EQ(pq(), 1U);
  EXPECT_EQ(m.esb(0xfffff, 0x800), 1U);
}

TEST_F(EsbPages, SetReturnsOldValueAtEverySizeAndLowOffset) {
  unsigned old = pq();
  for (const unsigned size : {1U, 2U, 4U, 8U}) {
    for (unsigned value = 0; value < 4; ++value) {
      for (const unsigned low : {0x00U, 0x40U, 0xf8U}) {
        EXPECT_EQ(m.load(m.source_page(source, true) + 0xc00 + 0x100ULL * value + low, size), old);
        EXPECT_EQ(m.last_reply, gen1::BusReply::Ok);
        old = value;
      }
    }
  }
  EXPECT_TRUE(m.book().clean());
}

TEST_F(EsbPages, OnlyTheLowTwelveBitsOfThePageOffsetCount) {
  set(2);
  EXPECT_EQ(m.load(m.source_page(source, true) + 0xf800, 8), 2U);
}

TEST_F(EsbPages, StoresToTheSetOffsetsSet) {
  m.store(m.source_page(source, true) + 0xe00, 8, 0);
  EXPECT_EQ(pq(), 2U);
}

TEST_F(EsbPages, StoreEoiOnlyWhenEnabled) {
  set(3);
  m.store(m.source_page(source, true) + 0x400, 8, 0);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Error);
  EXPECT_EQ(pq(), 3U);
  EXPECT_EQ(m.chip().fir().count(FirId::EsbStore), 1U);
  m.set_reg(gen1::reg::kSbcConfig, gen1::reg::kStoreEoi);
  m.store(m.source_page(source, true) + 0x400, 8, 0);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Ok);
  EXPECT_EQ(pq(), 2U);
}

TEST_F(EsbPages, TriggerPageLoadsAreAllOnesAndHarmless) {
  set(0);
  EXPECT_EQ(m.load(m.source_page(source, false), 4), 0xffffffffU);
  EXPECT_EQ(pq(), 0U);
  EXPECT_EQ(m.chip().fir().count(FirId::TriggerPageLoad), 1U);
}

TEST_F(EsbPages, TriggerPageStoresTriggerAtAnyOffsetAndSize) {
  for (const unsigned size : {1U, 2U, 4U, 8U}) {
    set(0);
    m.store(m.source_page(source, false) + 0xff8, size, 0xdeadbeef);
    EXPECT_EQ(pq(), 2U) << size;
  }
}

TEST_F(EsbPages, BeyondTheTableIsAnError) {
  EXPECT_EQ(m.load(m.source_page(0x100000, true) + 0x800), ~std::uint64_t{0});
  EXPECT_EQ(m.last_reply, gen1::BusReply::Error);
  EXPECT_EQ(m.chip().fir().count(FirId::VsdOutOfRange), 1U);
}

TEST_F(EsbPages, FourSourcesShareAByteWithoutDisturbingEachOther) {
  for (std::uint32_t n = 0; n < 4; ++n) m.esb(0x40 + n, 0xc00 + 0x100 * n);
  EXPECT_EQ(*platform::load_be<1>(m.memory(), Machine::kEsb + 0x10), 0x1bU);
}

TEST_F(EsbPages, EndPagesActOnEsnAndEse) {
  m.usual_path({.w1 = 0xb0000000U | end_w1::kGeneration});  // ESn 10, ESe 11
  EXPECT_EQ(m.load(m.end_page(Machine::kEnd, false) + 0x800), 2U);
  EXPECT_EQ(m.load(m.end_page(Machine::kEnd, true) + 0x800), 3U);
  EXPECT_EQ(m.load(m.end_page(Machine::kEnd, true) + 0xc00), 3U);
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) >> 28U, 0x8U);
  EXPECT_EQ(m.load(m.end_page(Machine::kEnd, false) + 0xd00), 2U);
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) >> 28U, 0x4U);
  EXPECT_TRUE(m.book().clean());
}

TEST_F(EsbPages, EndPageOfAnInvalidEndIsAllOnesWithoutBusError) {
  EXPECT_EQ(m.load(m.end_page(5, false) + 0x800), ~std::uint64_t{0});
  EXPECT_EQ(m.last_reply, gen1::BusReply::Ok);
  EXPECT_EQ(m.chip().fir().count(FirId::EndPageLoad), 1U);
  m.store(m.end_page(5, false), 8, 0);
  EXPECT_EQ(m.last_reply, gen1::BusReply::Error);
}

TEST_F(EsbPages, ReforwardingEoiOnAnEndPageNotifiesAgain) {
  m.usual_path({.w0 = gen1::end_w0::kValid | gen1::end_w0::kEnqueue | gen1::end_w0::kBacklog,
                .w1 = 0xc0000000U | end_w1::kGeneration});  // ESn 11
  EXPECT_EQ(m.load(m.end_page(Machine::kEnd, false)), 1U);
  EXPECT_EQ(m.backlog(Machine::kVp), 0x80U >> 6U);
  EXPECT_EQ(m.memory().be32(m.eq_address()), 0U) << "no queue entry";
}

}  // namespace
}  // namespace xive::ic
