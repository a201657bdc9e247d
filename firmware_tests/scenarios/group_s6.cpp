// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {

std::vector<Scenario> group_s6() {
  return {};
}

}  // namespace xive::scenarios
