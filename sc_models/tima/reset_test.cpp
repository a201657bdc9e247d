// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md 1.7: reset and thread reset; construction.
#include <gtest/gtest.h>

#include <stdexcept>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima::testing {
namespace {

ThreadState reset_image(bool enabled) {
  ThreadState state;
  for (const unsigned byte : {0x13U, 0x14U, 0x16U, 0x17U, 0x37U}) state.r[byte] = 0xff;
  state.enabled = enabled;
  return state;
}

void disturb(Bench& bench) {
  ThreadState state;
  state.r.fill(0xa5);
  state.l_os = state.l_hv = state.enabled = true;
  bench.reference.set_state(bench.thread, state);
}

TEST(Reset, EveryThreadHasTheResetImageAndIsDisabled) {
  Bench bench;
  disturb(bench);
  bench.reference.reset();
  for (unsigned thread = 0; thread < Bench::kThreads; ++thread) {
    EXPECT_EQ(bench.reference.state(thread), reset_image(false));
    EXPECT_EQ(bench.reference.lines(thread), Lines{});
  }
}

TEST(Reset, OpeningCpprAfterResetShowsNoPhantomInterrupt) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Os, 0x11, 1, 0xff);
  bench.store(Page::Hv, 0x31, 1, 0xff);
  EXPECT_EQ(bench.lines(), Lines{});
  EXPECT_EQ(bench.get(Ring::Os, reg::kNsr), 0);
}

TEST(ThreadReset, FallOfTheEnableResetsThisThreadOnly) {
  Bench bench;
  disturb(bench);
  bench.thread = 2;
  disturb(bench);
  const ThreadState other = bench.state();
  bench.thread = 1;
  bench.reference.set_enabled(1, false);
  EXPECT_EQ(bench.state(), reset_image(false));
  EXPECT_EQ(bench.reference.state(2), other);
  bench.reference.set_enabled(1, true);
  EXPECT_EQ(bench.state(), reset_image(true));
}

TEST(ThreadReset, SettingTheSameEnableAgainChangesNothing) {
  Bench bench;
  disturb(bench);
  const ThreadState before = bench.state();
  bench.reference.set_enabled(bench.thread, true);
  EXPECT_EQ(bench.state(), before);
}

TEST(ThreadReset, FallFollowedByRiseKeepsTheEnable) {
  Bench bench;
  disturb(bench);
  bench.reference.thread_reset(bench.thread);
  EXPECT_EQ(bench.state(), reset_image(true));
  EXPECT_TRUE(bench.memory.requests.empty());
}

TEST(Construction, RefusesWhatItDoesNotImplement) {
  TableMemory memory;
  Params params;
  params.generation = 2;
  EXPECT_THROW(Reference(params, memory), std::invalid_argument);
  params.generation = 3;
  EXPECT_THROW(Reference(params, memory), std::invalid_argument);
  params.generation = 1;
  params.threads = 0;
  EXPECT_THROW(Reference(params, memory), std::invalid_argument);
  params.threads = 9;
  EXPECT_THROW(Reference(params, memory), std::invalid_argument);
  for (params.threads = 1; params.threads <= 8; ++params.threads) {
    EXPECT_NO_THROW(Reference(params, memory));
  }
}

}  // namespace
}  // namespace xive::tima::testing
