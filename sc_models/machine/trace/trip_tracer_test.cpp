// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/trace/trip_tracer.h"

#include <gtest/gtest.h>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/machine/testing/end_to_end.h"
#include "sc_models/machine/trace/latency_table.h"

namespace xive::machine {
namespace {

TEST(TripTracer, StationsOfOneInterrupt) {
  const MachineConfig config;
  const auto latency = [&config](HopId id) { return config.hops[id].latency; };
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
        EXPECT_EQ(hop(Station::Eas), latency(HopId::Message));
        EXPECT_EQ(hop(Station::End), latency(HopId::Eas));
        EXPECT_EQ(hop(Station::Match), latency(HopId::End) + latency(HopId::EqWrite));
        EXPECT_GE(hop(Station::Present), latency(HopId::Presenter) + 2 * config.tima_period);
        EXPECT_EQ(hop(Station::Line), latency(HopId::Line));
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

TEST(TripTracer, BeginsWithTheIssueOfTheStore) {
  MachineConfig config;
  config.hops[HopId::CoreBus].latency = 35 * platform::kNanosecond;
  platform::HopConfig& esb = config.hops[HopId::Esb];
  esb.period = platform::kNanosecond;
  esb.bytes_per_cycle = 1;
  std::unique_ptr<TripTracer> tracer;
  testing::run_end_to_end(
      config, testing::reference_factory(), 0, 5,
      [&] {
        TripTracer::Kind& ipi = tracer->kind(TripKind::Ipi);
        const auto hop = [&](Station s) { return ipi.hops[static_cast<std::size_t>(s)].max(); };
        const Time way = hop(Station::Source);
        EXPECT_GE(way, config.hops[HopId::CoreBus].latency + esb.service(8));
        EXPECT_LT(way, config.hops[HopId::CoreBus].latency + esb.service(8) + esb.period);
        EXPECT_EQ(ipi.to_exception.max(), way + hop(Station::Eas) + hop(Station::End) +
                                              hop(Station::Match) + hop(Station::Present) +
                                              hop(Station::Line) + hop(Station::Exception));
      },
      [&](Machine& machine) { tracer = std::make_unique<TripTracer>(machine); });
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
