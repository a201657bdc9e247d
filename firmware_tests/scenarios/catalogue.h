// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "firmware_tests/scenarios/scenario.h"

namespace xive::scenarios {

/// All scenarios, in the order of spec/scenarios.md.
const std::vector<Scenario>& catalogue();
/// Null if there is none with this id; upper and lower case are the same.
const Scenario* find(std::string_view id);

// One group each, in group_*.cpp.
std::vector<Scenario> group_s1();
std::vector<Scenario> group_s3();
std::vector<Scenario> group_s5();
std::vector<Scenario> group_s6();

}  // namespace xive::scenarios
