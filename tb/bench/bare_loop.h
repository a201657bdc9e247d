// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tb/bench/trace.h"

namespace xive::bench {

/// The bound: the Verilated class in a bare loop, nothing between trace and pins. The next access
/// is driven in the cycle in which the answer to the last one is taken; memory answers in the cycle
/// after its request.
///
/// `one_evaluation`: without the falling edge, as the bridge clocks the RTL (verilated_clock.h).
using BareLoop = LoopResult(const std::vector<tima::MmioRequest>& trace, bool one_evaluation);
BareLoop bare_loop_1, bare_loop_4, bare_loop_8;

}  // namespace xive::bench
