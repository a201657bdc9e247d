// SPDX-License-Identifier: Apache-2.0
/// Deliberate faults for recordings of right behaviour, one per rule.
#pragma once

#include <span>
#include <string_view>

#include "sc_models/tima/rules/testing/recording.h"

namespace xive::tima::testing {

/// Breaks observation `at` of a recording the way a wrong TIMA would; false, and nothing changed,
/// if that observation gives no opportunity.
using BreakFunction = bool (*)(Recording& recording, std::size_t at);

struct Break {
  std::string_view rule;   ///< identifier of the rule that must fire
  std::string_view fault;  ///< what the broken TIMA does, in words
  BreakFunction apply;
};

std::span<const Break> breaks();

}  // namespace xive::tima::testing
