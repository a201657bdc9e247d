// SPDX-License-Identifier: Apache-2.0
/// What moves simulated time in a run, and how accesses reach the bus.
#pragma once

#include <cstdint>
#include <memory>

#include "sc_models/machine/machine.h"
#include "tb/run/run_options.h"

namespace xive::run {

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual ppc::host::Executor& executor() = 0;
  /// Before the machine is made, and after.
  virtual void connect(machine::MachineConfig&) {}
  virtual void attach(const machine::Machine&) {}
  /// Adds the rules of the transport protocol.
  virtual void merge_into(RuleBook&) const {}
  /// Context switches; 0 where the kernel does not count them.
  virtual std::uint64_t switches() const { return 0; }
};

/// Direct: calls on fibers, any number of runs in a process. Lt and At: SystemC threads with
/// sockets, whose protocol is checked if `checks`. SystemC elaborates once per process: a second
/// one is std::logic_error.
std::shared_ptr<Kernel> make_kernel(TransportTiming timing, bool checks);

}  // namespace xive::run
