// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {

std::vector<Scenario> group_s1() {
  return {s1_1(), s1_2(), s1_3(), s1_4(), s1_5(), s1_6(), s1_7(), s1_8(), s1_9(), s1_10()};
}

}  // namespace xive::scenarios
