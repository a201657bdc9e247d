// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/timebase.h"

#include <gtest/gtest.h>

namespace xive::ppc {
namespace {

using platform::kNever;
using platform::kSecond;

TEST(TimeBase, CountsItsFrequency) {
  const TimeBase tb;
  EXPECT_EQ(tb.at(0), 0U);
  EXPECT_EQ(tb.at(kSecond), 512'000'000U);
  EXPECT_EQ(tb.at(1953), 0U);  // one tick is 1953.125 ps
  EXPECT_EQ(tb.at(1954), 1U);
  EXPECT_EQ(tb.at(100'000 * kSecond), 51'200'000'000'000U);
}

TEST(TimeBase, AfterIsTheFirstPicosecondOfTheTick) {
  const TimeBase tb;
  for (const Time start : {Time{0}, Time{1}, Time{1953}, Time{1954}, Time{777'777'777'777}}) {
    for (const std::uint64_t delta : {1U, 2U, 511U, 1'000'000U}) {
      const Time t = tb.after(start, delta);
      EXPECT_EQ(tb.at(t), tb.at(start) + delta);
      EXPECT_EQ(tb.at(t - 1), tb.at(start) + delta - 1);
    }
  }
  EXPECT_EQ(tb.after(0, std::uint64_t{1} << 60U), kNever);
}

TEST(TimeBase, CanBeSet) {
  TimeBase tb;
  tb.set(kSecond, 5);
  EXPECT_EQ(tb.at(kSecond), 5U);
  EXPECT_EQ(tb.at(2 * kSecond), 512'000'005U);
}

TEST(Decrementer, GoesNegativeOneTickAfterZero) {
  for (const bool large : {false, true}) {
    Decrementer dec;
    dec.write(1000, 10, large);
    EXPECT_EQ(dec.read(1000, large), 10U);
    EXPECT_EQ(dec.read(1010, large), 0U);
    EXPECT_FALSE(dec.negative(1010, large));
    EXPECT_TRUE(dec.negative(1011, large));
    EXPECT_EQ(dec.ticks_to_change(1000, large), 11U);
    EXPECT_EQ(dec.read(1011, large), large ? ~std::uint64_t{0} : 0xffffffffU);
  }
}

TEST(Decrementer, WrapsToPositiveAfterHalfItsRange) {
  Decrementer dec;
  dec.write(0, 0, false);
  EXPECT_TRUE(dec.negative(1, false));
  EXPECT_EQ(dec.ticks_to_change(1, false), std::uint64_t{1} << 31U);
  EXPECT_TRUE(dec.negative(std::uint64_t{1} << 31U, false));
  EXPECT_FALSE(dec.negative((std::uint64_t{1} << 31U) + 1, false));
}

// The width probe of firmware: all-ones masks shifted right until the value reads back positive.
TEST(Decrementer, LargeModeShowsFiftySixBits) {
  Decrementer dec;
  std::uint64_t mask = ~std::uint64_t{0};
  unsigned bits = 64;
  for (;; mask >>= 1U, --bits) {
    dec.write(0, mask, true);
    if (static_cast<std::int64_t>(dec.read(0, true)) >= 0) break;
  }
  EXPECT_EQ(bits + 1, 56U);
}

TEST(Decrementer, NobodySetItSoItIsFarFromExpiring) {
  const Decrementer small, large(true);
  EXPECT_FALSE(small.negative(0, true));
  EXPECT_FALSE(small.negative(0, false));
  EXPECT_EQ(small.ticks_to_change(0, false), std::uint64_t{1} << 31U);
  EXPECT_EQ(large.ticks_to_change(0, true), std::uint64_t{1} << 55U);
}

}  // namespace
}  // namespace xive::ppc
