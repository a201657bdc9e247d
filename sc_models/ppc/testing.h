// SPDX-License-Identifier: Apache-2.0
/// Helpers of the tests of this directory and of whoever tests against a HardwareThread.
#pragma once

#include "sc_models/platform/time.h"

namespace xive::ppc::testing {

class ManualClock final : public platform::Clock {
 public:
  platform::Time now() const override { return time; }
  platform::Time time = 0;
};

}  // namespace xive::ppc::testing
