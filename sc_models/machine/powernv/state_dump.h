// SPDX-License-Identifier: Apache-2.0
/// What is told about a machine whose firmware went wrong: registers and call stack of threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sc_models/machine/machine.h"
#include "sc_models/platform/image/symbols.h"

namespace xive::machine {

/// "running", "stopped" ...
std::string_view run_state(const ppc::HardwareThread& thread);

/// One line for each register group of a thread, then its call stack. `symbols` may be empty.
std::string dump_thread(Machine& machine, unsigned thread, const platform::SymbolTable& symbols);

/// dump_thread() of all `threads`.
std::string dump_threads(Machine& machine, const std::vector<unsigned>& threads,
                         const platform::SymbolTable& symbols);

struct StackFrame {
  std::uint64_t pointer = 0;  ///< r1 of the frame; 0 for the two that registers tell
  std::uint64_t address = 0;  ///< where it is, or returns to
};

/// Follows the back chain from r1: word 0 of a frame is its caller's frame, doubleword 2 of the
/// caller's frame holds the return address. Frame 0 is NIP, frame 1 is LR. Ends at a chain that
/// does not ascend, leaves the memory, is null, or after `limit` frames.
std::vector<StackFrame> backtrace(Machine& machine, unsigned thread, unsigned limit = 32);

}  // namespace xive::machine
