// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sc_models/tima/tima_port.h"
#include "tb/bench/trace.h"

namespace xive::bench {

/// A TimaTarget over a port and an initiator in front of it. Build it before the simulation starts.
class TlmBench {
 public:
  /// `port` is not owned.
  TlmBench(const std::string& name, tima::TimaPort& port);
  ~TlmBench();

  /// Resets the TIMA, then runs the trace through b_transport, one access at a time, the timing
  /// annotation growing as inside one quantum. Memory answers at once.
  LoopResult run(const std::vector<tima::MmioRequest>& trace);

 private:
  struct System;
  std::unique_ptr<System> system_;
};

/// Ends elaboration; call once when every TlmBench was built.
void start_simulation();

/// Lets `seconds` of simulated time pass; returns the wall time in seconds.
double run_simulation(double seconds);

}  // namespace xive::bench
