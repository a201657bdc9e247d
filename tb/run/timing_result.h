// SPDX-License-Identifier: Apache-2.0
/// What the timing model measured, as data: its keys are names of metrics.
#pragma once

#include <nlohmann/json.hpp>

#include "sc_models/machine/trace/flow_counter.h"
#include "sc_models/machine/trace/trip_tracer.h"

namespace xive::run {

/// By kind of interrupt, by station and end to end: count, min, median, p90, p99, max in ns.
nlohmann::json latency_json(machine::TripTracer& tracer);
/// By hop that something passed: its count and latencies; of hops with a clock also waiting time,
/// queue and retries. `elapsed`: simulated time, for means.
nlohmann::json hops_json(machine::Machine& machine, platform::Time elapsed);
/// Throughput, coalescing, backlog, escalations, queues and caches of the routers.
nlohmann::json flow_json(const machine::FlowCounter& flow, const machine::Machine& machine);

}  // namespace xive::run
