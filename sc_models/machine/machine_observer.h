// SPDX-License-Identifier: Apache-2.0
/// What a machine tells beside the events of its chips (ic::Observer) and of its threads
/// (ppc::ThreadObserver): bus accesses, committed TIMA events and lines, with their times.
#pragma once

#include "sc_models/platform/target.h"
#include "sc_models/platform/time.h"
#include "sc_models/tima/event.h"

namespace xive::machine {

class MachineObserver {
 public:
  virtual ~MachineObserver() = default;
  /// An access of a thread or a device was performed.
  virtual void on_access(const platform::Request&, const platform::Response&) {}
  /// `core` counts over the whole machine. A TIMA that runs ahead tells things early; `time` is
  /// when they happen.
  virtual void on_tima(unsigned /*core*/, const tima::Event&, platform::Time /*time*/) {}
  /// The static inputs of a TIMA changed.
  virtual void on_static_inputs(unsigned /*core*/, const tima::StaticInputs&) {}
  /// The inputs of a thread changed. `thread` counts over the whole machine.
  virtual void on_lines(unsigned /*thread*/, const tima::Lines& /*before*/,
                        const tima::Lines& /*after*/, platform::Time /*time*/) {}
};

}  // namespace xive::machine
