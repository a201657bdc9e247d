// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {

std::vector<Scenario> group_s1() {
  return {s1_1()};
}

}  // namespace xive::scenarios
