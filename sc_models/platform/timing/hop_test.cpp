// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/timing/hop.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace xive::platform {
namespace {

struct Bench {
  explicit Bench(const HopConfig& config, std::uint64_t seed = 1, std::uint64_t stream = 0)
      : hop(config, seen, seed, stream) {}
  HopStatistics seen;
  Hop hop;
};

TEST(Hop, AnIdleHopTakesServiceAndLatency) {
  Bench plain({.latency = 70});
  EXPECT_EQ(plain.hop.admit(1000, 64), 1070U);
  Bench clocked({.latency = 70, .period = 10, .bytes_per_cycle = 8});
  EXPECT_EQ(clocked.hop.admit(1000, 8), 1000U + 10 + 70);
  // 20 bytes are three cycles, and service begins at an edge.
  EXPECT_EQ(clocked.hop.admit(2003, 20), 2010U + 30 + 70);
  EXPECT_EQ(clocked.seen.wait.max(), 7U);
  EXPECT_EQ(clocked.seen.latency.min(), 80U);
  EXPECT_EQ(clocked.seen.latency.max(), 100U);
  Bench free({.latency = 0});
  EXPECT_TRUE(free.hop.config().free());
  EXPECT_EQ(free.hop.admit(5, 1), 5U);
  EXPECT_EQ(free.seen.count, 1U);
}

TEST(Hop, TheSecondOfTwoWaitsExactlyTheServiceOfTheFirst) {
  Bench bench({.latency = 100, .period = 10, .bytes_per_cycle = 4});
  const Time service = bench.hop.config().service(16);
  EXPECT_EQ(service, 40U);
  EXPECT_EQ(bench.hop.admit(1000, 16), 1000 + service + 100);
  EXPECT_EQ(bench.hop.admit(1000, 16), 1000 + 2 * service + 100);
  EXPECT_EQ(bench.seen.wait.max(), service);
  EXPECT_EQ(bench.seen.most_in_queue, 2U);
  EXPECT_EQ(bench.seen.in_queue, 3 * service);
  EXPECT_EQ(bench.seen.retries, 0U);
}

TEST(Hop, AFullQueueRefusesUntilAnEarlierOneHasLeft) {
  // Service 100, one place: the others come back every 30.
  Bench bench({.latency = 7, .period = 100, .bytes_per_cycle = 8, .depth = 1, .retry = 30});
  EXPECT_EQ(bench.hop.admit(0, 8), 107U);
  // Tries at 30, 60, 90, 120; the server's next edge is 200.
  EXPECT_EQ(bench.hop.admit(0, 8), 307U);
  EXPECT_EQ(bench.seen.retries, 4U);
  // The place is free at 300: the tenth try.
  EXPECT_EQ(bench.hop.admit(0, 8), 407U);
  EXPECT_EQ(bench.seen.retries, 4U + 10U);
  EXPECT_EQ(bench.seen.most_in_queue, 1U);
  EXPECT_EQ(bench.seen.count, 3U) << "nothing is lost";
  EXPECT_EQ(bench.seen.wait.max(), 300U);
}

TEST(Hop, ADeepQueueRefusesNobody) {
  Bench deep({.period = 10, .bytes_per_cycle = 8, .depth = 3}),
      open({.period = 10, .bytes_per_cycle = 8});
  for (int n = 0; n < 3; ++n) EXPECT_EQ(deep.hop.admit(0, 8), open.hop.admit(0, 8));
  EXPECT_EQ(deep.seen.retries, 0U);
  EXPECT_GT(deep.hop.admit(0, 8), open.hop.admit(0, 8));
  EXPECT_GT(deep.seen.retries, 0U);
}

TEST(Hop, ThroughputIsTheBandwidth) {
  Bench bench({.latency = 500, .period = 10, .bytes_per_cycle = 4});
  Time last = 0;
  for (unsigned n = 0; n < 1000; ++n) last = bench.hop.admit(n, 8);
  EXPECT_EQ(last, 1000U * 20 + 500);
}

TEST(Hop, JitterIsBoundedSeededAndReordersNothing) {
  const HopConfig config{.latency = 1000, .jitter = 300};
  const auto run = [&](std::uint64_t seed, std::uint64_t stream) {
    Bench bench(config, seed, stream);
    std::vector<Time> times;
    Time last = 0;
    for (Time now = 0; now < 10'000; now += 10) {
      times.push_back(bench.hop.admit(now, 8));
      EXPECT_GE(times.back(), now + 1000);
      EXPECT_LE(times.back(), now + 1300);
      EXPECT_GE(times.back(), last);
      last = times.back();
    }
    EXPECT_GE(bench.seen.latency.min(), 1000U);
    EXPECT_LE(bench.seen.latency.max(), 1300U);
    EXPECT_GT(bench.seen.latency.percentile(99), bench.seen.latency.min());
    return times;
  };
  EXPECT_EQ(run(1, 0), run(1, 0));
  EXPECT_NE(run(1, 0), run(2, 0));
  EXPECT_NE(run(1, 0), run(1, 1));
}

TEST(Hop, ALinkOfItsOwnMayOvertake) {
  Bench bench({.latency = 100, .jitter = 50});
  bool shorter = false;
  Time before = 0;
  for (int n = 0; n < 100; ++n) {
    const Time flight = bench.hop.flight(8);
    EXPECT_GE(flight, 100U);
    EXPECT_LE(flight, 150U);
    shorter = shorter || flight < before;
    before = flight;
  }
  EXPECT_TRUE(shorter);
  EXPECT_EQ(bench.seen.count, 100U);
}

TEST(Hop, BoundHolds) {
  const HopConfig config{
      .latency = 40, .period = 13, .bytes_per_cycle = 2, .depth = 4, .retry = 17, .jitter = 9};
  Bench bench(config);
  for (Time now = 0; now < 100'000; now += 1000) {
    for (unsigned n = 0; n < 8; ++n) {
      EXPECT_LE(bench.hop.admit(now, 8), now + config.bound(8, 8));
    }
  }
}

TEST(Hop, ServingMoreOrFasterNeverTakesLonger) {
  const auto last = [](const HopConfig& config) {
    Bench bench(config);
    Time time = 0;
    for (Time now = 0; now < 2000; now += 7) time = bench.hop.admit(now, 24);
    return time;
  };
  const HopConfig base{.latency = 100, .period = 20, .bytes_per_cycle = 8};
  HopConfig slower = base, narrower = base, longer = base;
  slower.period = 40;
  narrower.bytes_per_cycle = 4;
  longer.latency = 150;
  for (const HopConfig& worse : {slower, narrower, longer}) EXPECT_GT(last(worse), last(base));
}

TEST(Hop, RefusesWhatMakesNoSense) {
  HopStatistics seen;
  EXPECT_THROW(Hop({.bytes_per_cycle = 8}, seen), std::invalid_argument);
  EXPECT_THROW(Hop({.period = 10, .depth = 2}, seen), std::invalid_argument);
  EXPECT_THROW(Hop({.period = 10, .bytes_per_cycle = 8, .depth = 2, .retry = 0}, seen),
               std::invalid_argument);
}

}  // namespace
}  // namespace xive::platform
