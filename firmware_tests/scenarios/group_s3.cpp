// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {

std::vector<Scenario> group_s3() {
  return {s3_1(), s3_2(), s3_3(), s3_4(), s3_5(), s3_6(), s3_7(), s3_8()};
}

}  // namespace xive::scenarios
