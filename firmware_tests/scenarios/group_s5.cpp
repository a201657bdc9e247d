// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {

std::vector<Scenario> group_s5() {
  return {s5_7(), s5_8(), s5_9(), s5_10(), s5_11(), s5_12(), s5_13()};
}

}  // namespace xive::scenarios
