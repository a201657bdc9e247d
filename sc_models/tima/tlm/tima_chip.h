// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <systemc>

#include "sc_models/tima/types.h"

namespace xive::tima {

/// The chip around the TIMA of one core: router, memory and the exception inputs of the threads.
///
/// Every call carries the time at which it happens in the TIMA, which may lie after
/// sc_time_stamp() (the TIMA runs ahead while nothing else can interfere). The calls come from
/// inside the TIMA's advance: they may answer and notify events, but must not access the same TIMA.
struct TimaChip {
  virtual ~TimaChip() = default;

  /// A request towards router and memory. The answer, or nothing when it comes later through
  /// TimaTarget::answer_memory(). What is returned for a posted request is not looked at.
  virtual std::optional<MemoryResponse> on_memory_request(const MemoryRequest& request,
                                                          const sc_core::sc_time& when) = 0;

  /// The exception lines of a thread changed; told before the access that changed them ends.
  virtual void on_lines(unsigned thread, const Lines& lines, const sc_core::sc_time& when) = 0;

  /// A code that is no bus error (spec/tima.md 6.5).
  virtual void on_error(unsigned /*thread*/, ErrorCode /*code*/, const sc_core::sc_time& /*when*/) {
  }
};

}  // namespace xive::tima
