// SPDX-License-Identifier: Apache-2.0
/// One function per scenario, each in a file of its own.
#pragma once

#include "firmware_tests/scenarios/scenario.h"

namespace xive::scenarios {

Scenario s1_1();

}  // namespace xive::scenarios
