// SPDX-License-Identifier: Apache-2.0
/// The Verilated RTL behind TimaPort. A plain C++ face: no header of Verilator is needed to use it.
///
/// The clock is stepped only while the RTL has work; idle time is jumped. In cycle n the bridge
/// first looks at what the RTL shows since its last clock edge and calls client and observer, then
/// drives its inputs, then clocks. What a client submits or answers from inside a callback of cycle
/// n is driven in cycle n, the answer to a memory request in the cycle after the request at the
/// earliest.
///
/// Thread enables: a change is driven when the operations submitted before it were accepted, and an
/// operation submitted after it is driven one cycle later at the earliest. MATCH is no operation of
/// the engine: while the engine is busy it may still see the enable as it was.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "bridge/array_probe.h"
#include "bridge/stall_policy.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/tima_port.h"

namespace xive::bridge {

/// See RtlOptions::batch. More gains nothing, and all of it still fits into a second-level cache.
inline constexpr unsigned kEfficientBatch = 256;

struct RtlOptions {
  unsigned mutant = 0;               ///< 0: the true RTL; n: mutant Hn of spec/tima.md section 8
  bool idle_skipping = true;         ///< false: step through idle time too; same results, slower
  tima::Cycle hang_cycles = 10'000;  ///< cycles without a sign of life, with work to do: TimaHang
  /// Announcements that are kept before the observer hears of them; 1 = at once. With
  /// kEfficientBatch reference and rules cost half; then call announce_all() before you look at
  /// what an observer found. configure(), observe() and reset() do it too.
  unsigned batch = 1;
  StallPolicy* stalls = nullptr;  ///< not owned; null: no stalls
  RuleBook* rules = nullptr;      ///< not owned; where the BUS-* rules go; null: not checked
};

class VerilatedTima : public tima::TimaPort, public ArrayProbe {
 public:
  /// Starts an FST file at the current cycle (ten time units a cycle). std::runtime_error if it
  /// cannot be written. An open file is closed first.
  virtual void open_waves(const std::string& path) = 0;
  virtual void close_waves() = 0;
  virtual bool waves_open() const = 0;

  /// Clock cycles really evaluated, for measurements; at most now() plus the resets.
  virtual std::uint64_t evaluated_cycles() const = 0;
};

/// std::invalid_argument if there is no RTL for `params` (generation 1 and 1..8 threads are built)
/// or for the mutant (mutants exist with kMutantThreads threads).
std::unique_ptr<VerilatedTima> make_verilated_tima(const tima::Params& params,
                                                   const RtlOptions& options);

inline constexpr unsigned kMutantThreads = 4;

}  // namespace xive::bridge
