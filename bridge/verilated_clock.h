// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <verilated.h>

#include <type_traits>

namespace xive::bridge {

/// A clock cycle of a Verilated class costs two evaluations, of which the falling edge only tells
/// the class that the clock was low. Where the class keeps that in a member that we know (Verilator
/// 5.006 and 5.032 name it differently), the member is written instead.
///
/// This needs a block without logic on the falling edge and whose outputs that the caller reads
/// before the rising edge do not depend on inputs of the same cycle, as it is with rtl/tima.sv. A
/// block that has such outputs is found when it is Verilated (cmake/comb_outputs.py), and gets both
/// evaluations.
template <typename Root>
struct ClockPhase {
  static constexpr bool kOld = requires(Root & r) { r.__Vtrigrprev__TOP__clk_i = 0; };
  static constexpr bool kNew = requires(Root & r) { r.__Vtrigprevexpr___TOP__clk_i__0 = 0; };
  static constexpr bool kKnown = kOld || kNew;

  /// One trigger means that the edge runs one function, and that everything else which the
  /// generated evaluation does is to find out which.
  static constexpr bool kAt = requires(Root & r) {
    r.__VicoTriggered.at(0U) = 1;
    r.__VnbaTriggered.at(0U) = 1;
  };
  static constexpr bool kSetBit = requires(Root & r) {
    r.__VicoTriggered.setBit(0U, true);
    r.__VnbaTriggered.setBit(0U, true);
  };
  static constexpr bool one_trigger() {
    if constexpr (kAt || kSetBit) {
      return std::is_same_v<decltype(Root::__VicoTriggered), VlTriggerVec<1>> &&
             std::is_same_v<decltype(Root::__VnbaTriggered), VlTriggerVec<1>>;
    } else {
      return false;
    }
  }
  /// Inputs may have moved, and this is a rising edge.
  static void trigger(Root& r) {
    if constexpr (kAt) {
      r.__VicoTriggered.at(0U) = 1;
      r.__VnbaTriggered.at(0U) = 1;
    } else if constexpr (kSetBit) {
      r.__VicoTriggered.setBit(0U, true);
      r.__VnbaTriggered.setBit(0U, true);
    }
  }

  static void was_low(Root& r) {
    if constexpr (kOld) r.__Vtrigrprev__TOP__clk_i = 0;
    if constexpr (kNew) r.__Vtrigprevexpr___TOP__clk_i__0 = 0;
  }
};

}  // namespace xive::bridge
