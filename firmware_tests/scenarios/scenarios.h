// SPDX-License-Identifier: Apache-2.0
/// One function per scenario, each in a file of its own.
#pragma once

#include "firmware_tests/scenarios/scenario.h"

namespace xive::scenarios {

Scenario s1_1(), s1_2(), s1_3(), s1_4(), s1_5(), s1_6(), s1_7(), s1_8(), s1_9(), s1_10();
Scenario s3_1(), s3_2(), s3_3(), s3_4(), s3_5(), s3_6(), s3_7(), s3_8();

Scenario s5_7();
Scenario s5_8();
Scenario s5_9();
Scenario s5_10();
Scenario s5_11();
Scenario s5_12();
Scenario s5_13();
Scenario s6_1();
Scenario s6_2();
Scenario s6_3();
Scenario s6_4();

}  // namespace xive::scenarios
