// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/rules/chk_cppr.h"

#include <gtest/gtest.h>

#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/testing.h"

namespace xive::ppc {
namespace {

using testing::ManualClock;

constexpr std::uint64_t kHostEe = msr::kSf | msr::kHv | msr::kMe | msr::kEe;

class Cppr : public ::testing::Test {
 protected:
  Cppr() { thread.set_msr(kHostEe); }
  void interrupt() {
    thread.set_external(true);
    ASSERT_TRUE(thread.take_exception());
    thread.set_external(false);
  }
  ManualClock clock;
  HardwareThread thread{{}, clock};
  RuleBook book;
  ChkCppr rule{book, 100};
};

TEST_F(Cppr, SilentInsideAHandlerAndForShortTimesOutside) {
  thread.observe(rule);
  rule.on_targeted(0, true, 0);
  interrupt();
  rule.on_cppr(0, 6, 0);
  clock.time = 1000;
  rule.check(1000);
  thread.return_from_interrupt(true);
  clock.time = 1100;
  rule.on_cppr(0, 0xff, 1100);
  rule.check(5000);
  EXPECT_TRUE(book.clean());
  EXPECT_EQ(book.entries()[0].hits, 1U);
}

// S5.5: the descriptor is gone, no end of interrupt runs, CPPR stays.
TEST_F(Cppr, FiresOncePerPeriodWhenCpprStaysMasked) {
  thread.observe(rule);
  rule.on_targeted(0, true, 0);
  interrupt();
  CpprTimaWatch watch(rule, 0, clock);
  tima::Event event;
  event.before.at(tima::Ring::Phys, tima::reg::kCppr) = 0xff;
  event.after.at(tima::Ring::Phys, tima::reg::kCppr) = 7;
  watch.on_event(event);
  thread.return_from_interrupt(true);
  rule.check(100);
  EXPECT_TRUE(book.clean());
  rule.check(101);
  rule.check(200);
  ASSERT_EQ(book.violations().size(), 1U);
  EXPECT_EQ(book.violations()[0].detail, "thread 0x0 outside of handlers with CPPR 0x7 since 0 ps");
  rule.on_cppr(0, 0xff, 300);
  rule.on_cppr(0, 5, 400);
  rule.check(600);
  EXPECT_EQ(book.violations().size(), 2U);
}

TEST_F(Cppr, EndOfThePeriodIsJudgedToo) {
  rule.on_targeted(0, true, 0);
  rule.on_cppr(0, 5, 0);
  rule.on_cppr(0, 0xff, 500);
  ASSERT_EQ(book.violations().size(), 1U);
  EXPECT_EQ(book.violations()[0].detail, "thread 0x0 outside of handlers with CPPR 0x5 since 0 ps");
}

TEST_F(Cppr, SilentWhileNothingTargetsTheThread) {
  rule.on_cppr(0, 0, 0);
  rule.check(10'000);
  EXPECT_TRUE(book.clean());
  rule.on_targeted(0, true, 10'000);
  rule.check(10'050);
  EXPECT_TRUE(book.clean());
  rule.check(10'101);
  EXPECT_EQ(book.violations().size(), 1U);
}

}  // namespace
}  // namespace xive::ppc
