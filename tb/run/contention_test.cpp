// SPDX-License-Identifier: Apache-2.0
// The timing model under load: nothing is lost, results do not depend on it, and what is measured
// moves the way it must.
#include <gtest/gtest.h>

#include <string>

#include "tb/run/run.h"
#include "tb/run/testing/in_process.h"

namespace xive::run {
namespace {

using machine::HopId;
using nlohmann::json;
using platform::kNanosecond;

RunOptions load(std::uint64_t triggers = 2000) {
  RunOptions options;
  options.platform.tima = bridge::TimaKind::Model;
  options.work.firmware = FirmwareKind::Tables;
  options.work.triggers = triggers;
  return options;
}

/// Every hop has a narrow server behind a short queue, and jitter.
RunOptions contended() {
  RunOptions options = load();
  for (const machine::HopInfo& kind : machine::kHopInfo) {
    platform::HopConfig& hop = options.platform.hops[kind.id];
    hop.period = 2 * kNanosecond;
    hop.bytes_per_cycle = 1;
    hop.depth = 1;
    hop.retry = 11 * kNanosecond;
    hop.jitter = 25 * kNanosecond;
  }
  options.platform.router_caches = {.eas = 8, .end = 8, .vp = 2};
  return options;
}

std::string verdict(const RunResult& result) {
  std::string text = result.passed() ? "PASS " : "FAIL " + result.error;
  for (const std::string& failure : result.report.failures) text += failure + "; ";
  if (!result.rules.clean()) {
    text +=
        std::string(result.rules.violations()[0].rule) + " " + result.rules.violations()[0].detail;
  }
  return text + result.report.load.functional;
}

TEST(Contention, NothingIsLostAndTheResultIsTheSame) {
  const std::string plain = verdict(execute(load()));
  EXPECT_EQ(plain.substr(0, 5), "PASS ");
  for (const TransportTiming timing :
       {TransportTiming::Direct, TransportTiming::Lt, TransportTiming::At}) {
    RunOptions options = contended();
    options.platform.timing = timing;
    EXPECT_EQ(testing::in_process([&] { return verdict(execute(options)); }), plain);
  }
  const RunResult result = execute(contended());
  for (const char* hop : {"core_bus", "esb", "message", "memory"}) {
    const json& seen = result.hops.at(hop);
    EXPECT_GT(seen.at("retries"), 0U) << hop;
    EXPECT_EQ(seen.at("queue").at("max"), 1U) << hop;
    EXPECT_GT(seen.at("wait").at("max_ns"), 0.0) << hop;
    EXPECT_EQ(seen.at("wait").at("count"), seen.at("count")) << hop;
    EXPECT_GE(seen.at("max_ns").get<double>(), seen.at("p99_ns").get<double>());
    EXPECT_GE(seen.at("p99_ns").get<double>(), seen.at("p90_ns").get<double>());
    EXPECT_GT(seen.at("p90_ns").get<double>(), seen.at("min_ns").get<double>());
  }
  EXPECT_GT(result.flow.at("caches").at("eas").at("misses"), 0U);
  EXPECT_GT(result.flow.at("caches").at("end").at("hits"), 0U);
}

TEST(Contention, SeedOfTheRunSeedsTheJitter) {
  const auto digest = [](std::uint64_t seed) {
    RunOptions options = load(300);
    options.platform.hops[HopId::Eas].jitter = 5 * kNanosecond;
    options.work.seed = seed;
    return execute(options).digest;
  };
  EXPECT_EQ(digest(1), digest(1));
  EXPECT_NE(digest(1), digest(2));
}

double rate(const RunResult& result) {
  EXPECT_TRUE(result.passed());
  return result.flow.at("interrupts_per_second").get<double>();
}

TEST(Contention, SaturationIsTheRateOfTheNarrowestHop) {
  // A queue entry of 4 bytes takes 4 us: at most 250,000 a second.
  RunOptions options = load(6000);
  platform::HopConfig& narrow = options.platform.hops[HopId::EqWrite];
  narrow.period = platform::kMicrosecond;
  narrow.bytes_per_cycle = 1;
  options.work.pause_us = 2;
  const RunResult much = execute(options);
  options.work.pause_us = 8;
  const RunResult enough = execute(options);
  EXPECT_LT(rate(much), 250'000);
  EXPECT_GT(rate(enough), 160'000) << "backlogs and escalations take the router, too";
  EXPECT_NEAR(rate(much) / rate(enough), 1, 0.15) << "four times the triggers change nothing";
  // Idle: all that is asked of it. Twice as wide: far more.
  options.work.pause_us = 400;
  const RunResult little = execute(options);
  EXPECT_LT(rate(little), 0.5 * rate(enough));
  narrow.bytes_per_cycle = 2;
  options.work.pause_us = 2;
  EXPECT_GT(rate(execute(options)), 1.5 * rate(much));
  const auto flow = [](const RunResult& result, const char* key) {
    return result.flow.at(key).get<std::uint64_t>();
  };
  for (const char* key : {"coalesced_at_source", "router_queue_max"}) {
    EXPECT_GT(flow(much, key), 2 * flow(little, key)) << key;
  }
}

TEST(Contention, TheMedianDoesNotFallWithMoreLatency) {
  const auto median = [](HopId hop, platform::Time more) {
    // To hardware threads, which are always there, and seldom.
    RunOptions options = load(500);
    options.work.pause_us = 40;
    options.work.vps = options.work.guest_sources = 1;
    options.work.host_sources = 16;
    options.work.device_percent = options.work.dispatch_percent = 0;
    options.platform.hops[hop].latency += more;
    const RunResult result = execute(options);
    return result.latency.at("ipi").at("source_to_exception").at("median_ns").get<double>();
  };
  for (const HopId hop : {HopId::Message, HopId::EqWrite, HopId::Line}) {
    const double base = median(hop, 0), more = median(hop, 200 * kNanosecond);
    EXPECT_GT(more, base) << info(hop).name;
    EXPECT_GT(median(hop, 2000 * kNanosecond), more) << info(hop).name;
  }
}

}  // namespace
}  // namespace xive::run
