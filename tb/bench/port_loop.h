// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sc_models/tima/tima_port.h"
#include "tb/bench/trace.h"

namespace xive::bench {

/// The trace through TimaPort::submit() and advance(). Enables all threads first.
LoopResult port_loop(tima::TimaPort& port, const std::vector<tima::MmioRequest>& trace);

/// The trace through b_transport of a TimaTarget. `port` is used up: a TimaTarget keeps it.
/// Call it from sc_main's thread, before or outside of a running simulation.
LoopResult tlm_loop(tima::TimaPort& port, const std::vector<tima::MmioRequest>& trace);

}  // namespace xive::bench
