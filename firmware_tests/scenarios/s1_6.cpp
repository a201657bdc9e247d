// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {

Scenario s1_6() {
  Scenario s;
  s.id = "S1.6";
  s.title = "Generation 2: automatic save and restore";
  s.reference = "scenarios.md 2 S1.6";
  s.not_run = "generation 2 only: save and restore of a VP does not exist in generation 1";
  return s;
}

}  // namespace xive::scenarios
