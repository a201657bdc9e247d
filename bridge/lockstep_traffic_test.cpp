// SPDX-License-Identifier: Apache-2.0
// The RTL in lock-step under seeded traffic, for every number of threads.
#include <gtest/gtest.h>

#include "bridge/make_tima.h"
#include "bridge/testing/traffic.h"
#include "sc_models/tima/rules/rules.h"

namespace xive::bridge {
namespace {

using testing::RandomStalls;
using testing::Traffic;
using testing::TrafficOptions;

struct Outcome {
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  std::uint64_t rule_hits = 0;
};

Outcome run(unsigned threads, std::uint64_t seed, const TrafficOptions& traffic_options,
            bool stalls, bool idle_skipping, unsigned operations, unsigned batch = 1) {
  RuleBook book;
  RandomStalls policy(seed);
  TimaOptions options;
  options.rtl.rules = &book;
  options.rtl.idle_skipping = idle_skipping;
  options.rtl.batch = batch;
  options.rtl.stalls = stalls ? &policy : nullptr;
  tima::Params params;
  params.threads = threads;
  const Tima tima = make_tima(TimaKind::Lockstep, params, options);
  tima::Rules rules(params, book);
  tima.port->observe(&rules);
  Traffic traffic(*tima.port, seed, traffic_options);
  traffic.run(operations);
  tima.lockstep->flush();
  rules.finish(tima.port->now());
  for (const Violation& v : book.violations()) {
    ADD_FAILURE() << v.rule << " at cycle " << v.time << ": " << v.detail;
    if (&v - book.violations().data() > 8) break;
  }
  EXPECT_GT(traffic.line_changes, 0U);
  EXPECT_GT(traffic.memory_requests, 0U);
  if (stalls) {
    EXPECT_GT(policy.asked, 0U);
  }
  std::uint64_t hits = 0;
  for (const RuleBook::Entry& e : book.entries()) {
    if (e.info.id != "BUS-IDLE") hits += e.hits;  // idle cycles may be jumped
  }
  return {traffic.digest(), tima.lockstep->events(), hits};
}

class LockstepTraffic : public ::testing::TestWithParam<unsigned> {};

TEST_P(LockstepTraffic, AgreesBackToBack) {
  EXPECT_GT(run(GetParam(), 1, {}, false, true, 4000).events, 2000U);
}

TEST_P(LockstepTraffic, AgreesWithStallsOnEveryHandshake) {
  EXPECT_GT(run(GetParam(), 2, {}, true, true, 4000).events, 2000U);
}

TEST_P(LockstepTraffic, AgreesWithEnableChangesAndResets) {
  TrafficOptions options;
  options.enables = true;
  options.reset_every = 100;
  EXPECT_GT(run(GetParam(), 3, options, true, true, 4000).events, 2000U);
}

TEST_P(LockstepTraffic, IdleSkippingChangesNothing) {
  TrafficOptions options;
  options.enables = true;
  options.idle_gaps = true;
  options.reset_every = 300;
  const Outcome jumped = run(GetParam(), 4, options, true, true, 1500);
  const Outcome stepped = run(GetParam(), 4, options, true, false, 1500);
  EXPECT_EQ(jumped.digest, stepped.digest);
  EXPECT_EQ(jumped.events, stepped.events);
  EXPECT_EQ(jumped.rule_hits, stepped.rule_hits);
}

TEST_P(LockstepTraffic, BatchesCheckTheSame) {
  TrafficOptions options;
  options.enables = true;
  options.reset_every = 300;
  const Outcome at_once = run(GetParam(), 5, options, true, true, 3000);
  const Outcome batched = run(GetParam(), 5, options, true, true, 3000, 64);
  EXPECT_EQ(at_once.digest, batched.digest);
  EXPECT_EQ(at_once.events, batched.events);
  EXPECT_EQ(at_once.rule_hits, batched.rule_hits);
}

INSTANTIATE_TEST_SUITE_P(Threads, LockstepTraffic,
                         ::testing::Values(1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U),
                         [](const auto& test) { return std::to_string(test.param); });

}  // namespace
}  // namespace xive::bridge
