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
  std::uint64_t faults = 0;  ///< what the chips reported
};

Outcome run(const MachineConfig& machine_config, const LoadConfig& config) {
  ppc::host::FiberExecutor executor;
  Machine machine(machine_config, executor, testing::reference_factory());
  DirectTables tables(machine);
  RuleBook book;
  ic::XiveRules rules(book, &machine.memory());
  for (unsigned n = 0; n < machine.chips(); ++n) machine.observe_chip(n, rules.chip(n));
  MixedLoad load(machine, tables, config);
  executor.run(100 * platform::kSecond);
  rules.finish();
  Outcome out{load.result(), machine.digest().text(), "", executor.now()};
  for (unsigned n = 0; n < machine.chips(); ++n) out.faults += machine.chip(n).fir().total();
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
  EXPECT_EQ(r.faults, 0U);
  EXPECT_GT(r.load.escalations, 100U);
  EXPECT_GT(r.load.dispatches, 1000U);
  EXPECT_GT(r.load.guest_interrupts, 1000U);
  for (const std::uint64_t handled : r.load.handled_by_kind) EXPECT_GT(handled, 50U);
}

TEST(MixedLoad, ThreadsThatPauseForLongTakePartInTheEnd) {
  MachineConfig machine;
  machine.chips = 4;
  expect_good(run(machine, {.triggers = 500, .vps = 256, .pause = 2000 * platform::kMicrosecond}));
}

TEST(MixedLoad, LongerThanTheDecrementerCounts) {
  const Outcome r = run({}, {.triggers = 4000, .pause = 20'000 * platform::kMicrosecond});
  expect_good(r);
  EXPECT_GT(r.time, 5 * platform::kSecond);
}

TEST(MixedLoad, ThreadsHaveSomethingToTriggerBesideDevices) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    expect_good(run({}, {.seed = seed, .triggers = 100, .guest_sources = 1, .host_sources = 1}));
  }
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
  slow.hops[HopId::VpMemory].latency = 50 * platform::kNanosecond;
  // Slow enough for a thread to see the line of a context that it has just pulled.
  slow.hops[HopId::Line].latency = 400 * platform::kNanosecond;
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

/// What the simulator does for one handled entry once the load is under way.
struct Work {
  double matches = 0, accesses = 0, tima_events = 0, switches = 0;
};

Work work_per_interrupt(unsigned chips, unsigned cores) {
  MachineConfig machine_config;
  machine_config.chips = chips;
  machine_config.cores = cores;
  ppc::host::FiberExecutor executor(64 * 1024);
  Machine machine(machine_config, executor, testing::reference_factory());
  DirectTables tables(machine);
  LoadConfig config;
  config.triggers = 60ULL * machine.threads();
  config.vps = 64 * chips;
  config.guest_sources = 128 * chips;
  // The same load for each router, however many threads make it.
  config.pause = 4 * platform::kMicrosecond * machine.threads() / (8 * chips);
  MixedLoad load(machine, tables, config);
  const auto look = [&] {
    Work sum;
    for (unsigned n = 0; n < chips; ++n) {
      sum.matches += static_cast<double>(machine.chip(n).presenter().match_requests());
    }
    sum.accesses = static_cast<double>(machine.accesses());
    sum.tima_events = static_cast<double>(machine.tima_events());
    sum.switches = static_cast<double>(executor.switches());
    return sum;
  };
  while (load.sent_so_far() < config.triggers / 5) executor.run(executor.now() + config.pause);
  const Work begin = look();
  const auto handled = static_cast<double>(load.handled_so_far());
  while (load.sent_so_far() < config.triggers * 4 / 5) executor.run(executor.now() + config.pause);
  const Work end = look();
  const double count = static_cast<double>(load.handled_so_far()) - handled;
  return {(end.matches - begin.matches) / count, (end.accesses - begin.accesses) / count,
          (end.tima_events - begin.tima_events) / count, (end.switches - begin.switches) / count};
}

// A notification asks the one core that may match, whatever else there is.
TEST(MixedLoad, WorkOfAnInterruptDoesNotGrowWithTheMachine) {
  const Work small = work_per_interrupt(1, 8), large = work_per_interrupt(8, 24);  // 32 and 768
  EXPECT_LT(large.matches, 1.25 * small.matches);
  EXPECT_LT(large.accesses, 1.1 * small.accesses);
  EXPECT_LT(large.tima_events, 1.1 * small.tima_events);
  // More happens at the same time, so that threads run ahead of each other less often.
  EXPECT_LT(large.switches, 2.5 * small.switches);
  EXPECT_LT(large.matches, 1.5);
}

}  // namespace
}  // namespace xive::machine
