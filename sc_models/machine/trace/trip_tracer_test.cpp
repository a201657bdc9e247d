// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/trace/trip_tracer.h"

#include <gtest/gtest.h>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/machine/testing/end_to_end.h"
#include "sc_models/machine/trace/latency_table.h"

namespace xive::machine {
namespace {

TEST(LatencySamples, ExactPercentiles) {
  LatencySamples samples;
  EXPECT_EQ(samples.percentile(99), 0U);
  for (unsigned n = 10'000; n > 0; --n) samples.add(n);
  EXPECT_EQ(samples.count(), 10'000U);
  EXPECT_EQ(samples.min(), 1U);
  EXPECT_EQ(samples.median(), 5000U);
  EXPECT_EQ(samples.percentile(99), 9900U);
  EXPECT_EQ(samples.max(), 10'000U);
  for (unsigned n = 0; n < 1'000'000; ++n) samples.add(7);
  EXPECT_EQ(samples.median(), 7U);
  EXPECT_EQ(samples.max(), 10'000U);
}

TEST(LatencySamples, MemoryDoesNotGrowWithTheSamples) {
  LatencySamples samples;
  constexpr std::uint64_t kCount = 400'000, kFirst = 1'000'000;
  for (std::uint64_t n = 0; n < kCount; ++n) samples.add(kFirst + n * 7919 % kCount * 10);
  EXPECT_EQ(samples.count(), kCount);
  EXPECT_LE(samples.distinct(), LatencySamples::kDistinct);
  EXPECT_EQ(samples.min(), kFirst);
  EXPECT_EQ(samples.max(), kFirst + (kCount - 1) * 10);
  const auto median = static_cast<double>(samples.median());
  EXPECT_LE(median, 3'000'000.0);
  EXPECT_GT(median, 3'000'000.0 * 0.998);
}

TEST(TripTracer, StationsOfOneInterrupt) {
  const MachineConfig config;
  std::string table;
  std::unique_ptr<TripTracer> tracer;
  const auto run = testing::run_end_to_end(
      config, testing::reference_factory(), 0, 5,
      [&] {
        TripTracer::Kind& ipi = tracer->kind(TripKind::Ipi);
        const auto hop = [&](Station s) {
          LatencySamples& samples = ipi.hops[static_cast<std::size_t>(s)];
          EXPECT_EQ(samples.count(), 1U) << to_string(s);
          return samples.max();
        };
        EXPECT_EQ(ipi.started, 1U);
        EXPECT_EQ(ipi.finished, 1U);
        EXPECT_EQ(hop(Station::Eas), config.latency.message);
        EXPECT_EQ(hop(Station::End), config.latency.after_eas);
        EXPECT_EQ(hop(Station::Match), config.latency.after_end + config.latency.after_eq_write);
        EXPECT_GE(hop(Station::Present), config.latency.presenter + 2 * config.tima_period);
        EXPECT_EQ(hop(Station::Line), config.latency.line);
        EXPECT_GT(hop(Station::Ack), 0U);
        EXPECT_GT(hop(Station::Eoi), 0U);
        EXPECT_EQ(ipi.to_exception.count(), 1U);
        std::uint64_t sum = 0;
        for (LatencySamples& samples : ipi.hops) sum += samples.max();
        EXPECT_EQ(sum, ipi.to_eoi.max()) << "the stations add up to the whole trip";
        EXPECT_EQ(tracer->open(), 0U);
        table = latency_table(*tracer);
      },
      [&](Machine& machine) { tracer = std::make_unique<TripTracer>(machine); });
  EXPECT_EQ(run.seen.interrupts, 1U);
  EXPECT_NE(table.find("source-exception"), std::string::npos);
}

TEST(TripTracer, EveryKindUnderLoad) {
  ppc::host::FiberExecutor executor;
  Machine machine({}, executor, testing::reference_factory());
  DirectTables tables(machine);
  TripTracer tracer(machine);
  MixedLoad load(machine, tables, {.triggers = 5000});
  executor.run(platform::kSecond);
  const LoadResult result = load.result();
  ASSERT_TRUE(result.passed());
  for (const TripKind kind : {TripKind::Ipi, TripKind::Msi, TripKind::Lsi, TripKind::Escalation}) {
    EXPECT_GT(tracer.kind(kind).finished, 10U) << to_string(kind);
    EXPECT_GT(tracer.kind(kind).to_exception.count(), 10U) << to_string(kind);
  }
  std::uint64_t eois = 0;
  for (unsigned k = 0; k < kTripKinds; ++k) {
    eois += tracer.kind(static_cast<TripKind>(k)).finished;
  }
  EXPECT_EQ(eois, result.handled + result.escalations);
  EXPECT_GT(tracer.kind(TripKind::Ipi).hops[static_cast<std::size_t>(Station::Resend)].count(), 0U);
  EXPECT_EQ(tracer.open(), 0U);
}

}  // namespace
}  // namespace xive::machine
