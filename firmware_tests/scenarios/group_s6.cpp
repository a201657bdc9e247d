// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {

std::vector<Scenario> group_s6() {
  return {s6_1(), s6_2(), s6_3(), s6_4()};
}

}  // namespace xive::scenarios
