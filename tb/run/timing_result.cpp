// SPDX-License-Identifier: Apache-2.0
#include "tb/run/timing_result.h"

#include <algorithm>
#include <string>

namespace xive::run {
namespace {

double to_ns(std::uint64_t ps) {
  return static_cast<double>(ps) / 1000.0;
}

nlohmann::json samples_json(platform::LatencySamples& samples) {
  return {{"count", samples.count()},
          {"min_ns", to_ns(samples.min())},
          {"median_ns", to_ns(samples.median())},
          {"p90_ns", to_ns(samples.percentile(90))},
          {"p99_ns", to_ns(samples.percentile(99))},
          {"max_ns", to_ns(samples.max())}};
}

/// A distribution of one value.
nlohmann::json constant_json(std::uint64_t count, platform::Time latency) {
  nlohmann::json value;
  value["count"] = count;
  for (const char* key : {"min_ns", "median_ns", "p90_ns", "p99_ns", "max_ns"}) {
    value[key] = to_ns(latency);
  }
  return value;
}

}  // namespace

nlohmann::json latency_json(machine::TripTracer& tracer) {
  nlohmann::json value = nlohmann::json::object();
  for (unsigned k = 0; k < machine::kTripKinds; ++k) {
    auto& kind = tracer.kind(static_cast<machine::TripKind>(k));
    if (kind.started == 0) continue;
    nlohmann::json& out = value[std::string(to_string(static_cast<machine::TripKind>(k)))];
    out = {{"started", kind.started}, {"finished", kind.finished}, {"dropped", kind.dropped}};
    for (unsigned s = 0; s < machine::kStations; ++s) {
      if (kind.hops[s].count() == 0) continue;
      out["stations"][std::string(to_string(static_cast<machine::Station>(s)))] =
          samples_json(kind.hops[s]);
    }
    out["source_to_exception"] = samples_json(kind.to_exception);
    out["source_to_eoi"] = samples_json(kind.to_eoi);
  }
  return value;
}

nlohmann::json hops_json(machine::Machine& machine, platform::Time elapsed) {
  nlohmann::json value = nlohmann::json::object();
  for (const machine::HopInfo& kind : machine::kHopInfo) {
    platform::HopStatistics& seen = machine.hops().statistics(kind.id);
    const platform::HopConfig& config = machine.hops().config(kind.id);
    if (seen.count == 0) continue;
    nlohmann::json& out = value[std::string(kind.name)];
    out = config.plain() ? constant_json(seen.count, config.latency) : samples_json(seen.latency);
    if (config.period == 0) continue;
    out["wait"] = samples_json(seen.wait);
    out["retries"] = seen.retries;
    out["queue"] = {
        {"max", seen.most_in_queue},
        {"mean",
         elapsed == 0 ? 0.0 : static_cast<double>(seen.in_queue) / static_cast<double>(elapsed)}};
  }
  return value;
}

nlohmann::json flow_json(const machine::FlowCounter& flow, const machine::Machine& machine) {
  nlohmann::json value{{"interrupts_per_second", flow.per_second()},
                       {"coalesced_at_source", flow.coalesced_at_source()},
                       {"coalesced_at_end", flow.coalesced_at_end()},
                       {"backlogged", flow.backlogged()},
                       {"escalated", flow.escalated()},
                       {"delivery_retries", flow.delivery_retries()}};
  std::uint64_t most = 0;
  const auto cache = [&](const char* name,
                         const machine::TableCache& (machine::RouterPacer::*which)() const) {
    std::uint64_t hits = 0, misses = 0;
    for (unsigned n = 0; n < machine.chips(); ++n) {
      hits += (machine.pacer(n).*which)().hits();
      misses += (machine.pacer(n).*which)().misses();
    }
    if (hits + misses > 0) value["caches"][name] = {{"hits", hits}, {"misses", misses}};
  };
  cache("eas", &machine::RouterPacer::eas_cache);
  cache("end", &machine::RouterPacer::end_cache);
  cache("vp", &machine::RouterPacer::vp_cache);
  for (unsigned n = 0; n < machine.chips(); ++n) {
    most = std::max(most, machine.pacer(n).most_queued());
  }
  value["router_queue_max"] = most;
  return value;
}

}  // namespace xive::run
