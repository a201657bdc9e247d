// SPDX-License-Identifier: Apache-2.0
/// What a hardware thread tells whoever watches it: rules, traces, statistics.
#pragma once

#include <cstdint>

#include "sc_models/platform/time.h"
#include "sc_models/ppc/arch_state.h"
#include "sc_models/ppc/cause.h"
#include "sc_models/ppc/exception_rules.h"

namespace xive::ppc {

class HardwareThread;

/// An asynchronous interrupt that was taken.
struct TakenInterrupt {
  Cause cause = Cause::SystemReset;
  bool wake = false;  ///< taken at 0x100 as the end of a power-saving stop with EC=1
  InterruptState state{};
  platform::Time time = 0;
};

/// One load or store of a thread outside cacheable memory.
struct IoAccess {
  std::uint64_t instruction = 0;  ///< number of the instruction within its thread
  std::uint64_t address = 0;
  std::uint8_t size = 0;
  bool write = false;
  bool error = false;
  std::uint64_t value = 0;  ///< stored or loaded, right-justified
  platform::Time time = 0;
};

class ThreadObserver {
 public:
  virtual ~ThreadObserver() = default;
  virtual void on_interrupt(const HardwareThread&, const TakenInterrupt&) {}
  /// rfid or hrfid out of a handler.
  virtual void on_interrupt_return(const HardwareThread&) {}
  virtual void on_retire(const HardwareThread&, std::uint64_t /*count*/) {}
  /// The interrupt request rose: in a simulator this is the "hard interrupt" that kicks a thread.
  virtual void on_kick(const HardwareThread&) {}
  /// quiesced, halted or paused changed.
  virtual void on_run_state(const HardwareThread&) {}
  /// An input, MSR, LPCR or the run state changed, and the request has been recomputed, or not.
  virtual void on_evaluate(const HardwareThread&) {}
  /// The registers were given a defined state; execution starts there.
  virtual void on_reset(const HardwareThread&, const ArchState& /*expected*/) {}
  virtual void on_first_instruction(const HardwareThread&) {}
  /// An I/O instruction starts, and retires with its result.
  virtual void on_io_issue(const HardwareThread&, const IoAccess&) {}
  virtual void on_io_retire(const HardwareThread&, const IoAccess&) {}
  virtual void on_checkstop(const HardwareThread&) {}
};

}  // namespace xive::ppc
