// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sc_models/tima/tima_port.h"
#include "tb/bench/trace.h"

namespace xive::bench {

/// The trace through TimaPort::submit() and advance(), one operation at a time, memory answering at
/// once. Binds itself to the port and enables all threads first.
LoopResult port_loop(tima::TimaPort& port, const std::vector<tima::MmioRequest>& trace);

}  // namespace xive::bench
