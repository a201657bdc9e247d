// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/machine.h"

#include <gtest/gtest.h>

#include "sc_models/machine/testing/end_to_end.h"

namespace xive::machine {
namespace {

using testing::reference_factory;
using testing::run_end_to_end;

void expect_delivered(const testing::EndToEnd& run) {
  EXPECT_EQ(run.seen.interrupts, 1U);
  EXPECT_EQ(run.seen.ack, 0x8007U);
  EXPECT_EQ(run.seen.ack_again >> 8U, 0U);
  EXPECT_EQ(run.seen.entry, 0x800005a5U);
  EXPECT_EQ(run.seen.pq_in_handler, 2U);
  EXPECT_EQ(run.seen.pq_after, 0U);
  EXPECT_EQ(run.violations, 0U);
}

TEST(Machine, InterruptFromThreadToThread) {
  const auto run = run_end_to_end({}, reference_factory(), 0, 5);
  expect_delivered(run);
  EXPECT_GT(run.taken, platform::kMicrosecond);
}

TEST(Machine, BetweenChips) {
  MachineConfig config;
  config.chips = 2;
  config.chip_ids = {0, 8};
  const auto near = run_end_to_end(config, reference_factory(), 8, 0);
  const auto far = run_end_to_end(config, reference_factory(), 0, 9);
  expect_delivered(near);
  expect_delivered(far);
  EXPECT_GE(far.taken,
            near.taken + config.hops[HopId::Forward].latency - config.hops[HopId::Message].latency);
}

TEST(Machine, SameRunSameDigest) {
  const auto a = run_end_to_end({}, reference_factory(), 0, 5);
  const auto b = run_end_to_end({}, reference_factory(), 0, 5);
  const auto c = run_end_to_end({}, reference_factory(), 1, 5);
  EXPECT_EQ(a.digest, b.digest);
  EXPECT_NE(a.digest, c.digest);
}

TEST(Machine, FilterDoesNotShow) {
  MachineConfig config;
  config.vp_filter = false;
  EXPECT_EQ(run_end_to_end(config, reference_factory(), 0, 5).seen,
            run_end_to_end({}, reference_factory(), 0, 5).seen);
}

TEST(Machine, LatenciesTakeEffect) {
  MachineConfig slow;
  slow.hops[HopId::Eas].latency += 1000 * platform::kNanosecond;
  slow.hops[HopId::End].latency += 200 * platform::kNanosecond;
  slow.hops[HopId::EqWrite].latency += 30 * platform::kNanosecond;
  slow.hops[HopId::Presenter].latency += 7 * platform::kNanosecond;
  const auto fast = run_end_to_end({}, reference_factory(), 0, 5);
  const auto run = run_end_to_end(slow, reference_factory(), 0, 5);
  expect_delivered(run);
  // The search's answer only: PRESENT raises the line before its own answer travels back.
  EXPECT_NEAR(static_cast<double>(run.taken - fast.taken), 1'237'000.0, 1'000.0);
}

TEST(Machine, RefusesImpossibleConfigurations) {
  ppc::host::FiberExecutor executor;
  MachineConfig config;
  config.chips = 17;
  EXPECT_THROW(Machine(config, executor, reference_factory()), std::invalid_argument);
  config = {};
  config.chips = 2;
  config.chip_ids = {3, 3};
  EXPECT_THROW(Machine(config, executor, reference_factory()), std::invalid_argument);
  config = {};
  config.threads = 9;
  EXPECT_THROW(Machine(config, executor, reference_factory()), std::invalid_argument);
}

}  // namespace
}  // namespace xive::machine
