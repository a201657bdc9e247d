// SPDX-License-Identifier: Apache-2.0
/// Shows what a TripTracer measured, as text.
#pragma once

#include <string>

#include "sc_models/machine/trace/trip_tracer.h"

namespace xive::machine {

/// One line per kind and station that occurred, and end to end: count, min, median, p99, max in
/// nanoseconds.
std::string latency_table(TripTracer& tracer);

}  // namespace xive::machine
