// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/source/source_unit.h"

#include <gtest/gtest.h>

#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;

class SourceUnits : public testing::Test {
 protected:
  SourceUnits()
      : unit({.id = 1, .count = 14, .page_shift = 12, .first_lsi = 4}, m.chip().environment(),
             m.chip()) {
    m.usual_path();
    for (std::uint32_t n = 0; n < 14; ++n) m.set_eas(0x100 + n, 0, Machine::kEnd, 0x50 + n);
    unit.set_offset(0x100);
    unit.set_notify_valid(true);
  }
  std::uint64_t load(unsigned source, unsigned offset) {
    std::uint64_t data = 0;
    EXPECT_TRUE(unit.access((source << 12U) + offset, 8, false, data));
    return data;
  }
  std::uint32_t entries() { return m.end_word(Machine::kEnd, 1) & end_w1::kPageOff; }
  Machine m;
  SourceUnit unit;
};

TEST_F(SourceUnits, MaskedUntilSetToZero) {
  unit.trigger(0);
  EXPECT_EQ(entries(), 0U);
  EXPECT_EQ(load(0, 0xc00), 1U);
  unit.trigger(0);
  unit.trigger(0);
  EXPECT_EQ(entries(), 1U);
  EXPECT_EQ(m.memory().be32(m.eq_address()), 0x80000050U);
  EXPECT_EQ(load(0, 0), 1U) << "EOI of 11 forwards again";
  EXPECT_EQ(entries(), 2U);
  EXPECT_EQ(load(0, 0), 0U);
}

TEST_F(SourceUnits, TheMessageSaysThatPqWasChecked) {
  load(0, 0xc00);
  EXPECT_EQ(m.esb(0x100, 0x800), 1U) << "the chip's own PQ of that number is off";
  unit.trigger(0);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(SourceUnits, LevelFiresOnceAndAgainAtEachEoi) {
  load(5, 0xc00);
  unit.set_level(5, true);
  unit.set_level(5, true);
  EXPECT_EQ(entries(), 1U);
  EXPECT_EQ(unit.pq(5), Pq::Pending);
  for (unsigned n = 2; n < 5; ++n) {
    EXPECT_EQ(load(5, 0), 1U);
    EXPECT_EQ(entries(), n);
    EXPECT_EQ(unit.pq(5), Pq::Pending);
  }
  unit.set_level(5, false);
  EXPECT_EQ(unit.pq(5), Pq::Pending) << "deassert takes nothing back";
  EXPECT_EQ(load(5, 0), 0U);
  EXPECT_EQ(entries(), 4U);
  EXPECT_TRUE(m.book().clean());
}

TEST_F(SourceUnits, MaskedLevelStaysQuietUntilTheNextEdgeOrEoi) {
  unit.set_level(6, true);
  EXPECT_EQ(entries(), 0U);
  load(6, 0xc00);
  EXPECT_EQ(entries(), 0U) << "set PQ does not look at the level";
  EXPECT_EQ(load(6, 0), 1U);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(SourceUnits, NoMessageWithoutANotifyAddress) {
  unit.set_notify_valid(false);
  load(0, 0xc00);
  unit.trigger(0);
  EXPECT_EQ(entries(), 0U);
}

TEST_F(SourceUnits, StoreEoiAndPagesBeyondTheUnitAreErrors) {
  std::uint64_t data = 0;
  EXPECT_FALSE(unit.access(0x400, 8, true, data));
  EXPECT_FALSE(unit.access(14U << 12U, 2, false, data));
  EXPECT_EQ(data, 0xffffU);
}

}  // namespace
}  // namespace xive::ic
