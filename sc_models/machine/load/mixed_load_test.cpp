// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/load/mixed_load.h"

#include <gtest/gtest.h>

#include "sc_models/machine/testing/end_to_end.h"

namespace xive::machine {
namespace {

struct Outcome {
  LoadResult load;
  std::string digest;
  std::string violation;
  Time time = 0;
};

Outcome run(const MachineConfig& machine_config, const LoadConfig& config) {
  ppc::host::FiberExecutor executor;
  Machine machine(machine_config, executor, testing::reference_factory());
  DirectTables tables(machine);
  RuleBook book;
  ic::XiveRules rules(book, &machine.memory());
  for (unsigned n = 0; n < machine.chips(); ++n) machine.observe_chip(n, rules.chip(n));
  MixedLoad load(machine, tables, config);
  executor.run(platform::kSecond);
  rules.finish();
  Outcome out{load.result(), machine.digest().text(), "", executor.now()};
  if (!book.clean()) {
    out.violation = std::string(book.violations()[0].rule) + ": " + book.violations()[0].detail;
  }
  return out;
}

void expect_good(const Outcome& r) {
  EXPECT_TRUE(r.load.finished);
  EXPECT_EQ(r.load.lost, 0U);
  EXPECT_EQ(r.load.duplicated, 0U);
  EXPECT_EQ(r.load.stuck, 0U);
  EXPECT_EQ(r.violation, "");
}

TEST(MixedLoad, NothingLostNothingTwice) {
  const Outcome r = run({}, {.triggers = 20'000});
  expect_good(r);
  EXPECT_EQ(r.load.spurious, 0U);
  EXPECT_GT(r.load.escalations, 100U);
  EXPECT_GT(r.load.dispatches, 1000U);
  EXPECT_GT(r.load.guest_interrupts, 1000U);
  for (const std::uint64_t handled : r.load.handled_by_kind) EXPECT_GT(handled, 50U);
}

TEST(MixedLoad, SameSeedSameDigest) {
  const Outcome a = run({}, {.seed = 7, .triggers = 3000});
  const Outcome b = run({}, {.seed = 7, .triggers = 3000});
  const Outcome c = run({}, {.seed = 8, .triggers = 3000});
  EXPECT_EQ(a.digest, b.digest);
  EXPECT_NE(a.digest, c.digest);
}

TEST(MixedLoad, TimingChangesNoResult) {
  MachineConfig slow;
  slow.latency.memory_request = 50 * platform::kNanosecond;
  // Slow enough for a thread to see the line of a context that it has just pulled.
  slow.latency.line = 400 * platform::kNanosecond;
  const Outcome a = run({}, {.triggers = 5000});
  const Outcome b = run(slow, {.triggers = 5000});
  expect_good(a);
  expect_good(b);
  EXPECT_GT(b.load.spurious, 0U);
  EXPECT_NE(a.digest, b.digest);
  EXPECT_EQ(a.load.functional, b.load.functional);
}

TEST(MixedLoad, SeveralChips) {
  MachineConfig config;
  config.chips = 3;
  config.chip_ids = {0, 1, 8};
  const Outcome r = run(config, {.triggers = 10'000});
  expect_good(r);
}

}  // namespace
}  // namespace xive::machine
