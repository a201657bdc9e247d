// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/reference_port.h"
#include "sc_models/tima/testing/bringup_vectors.h"

namespace xive::tima::testing {
namespace {

std::unique_ptr<TimaPort> make_model(const Params& params) {
  return std::make_unique<ReferencePort>(params);
}

INSTANTIATE_TEST_SUITE_P(BringUp, TimaVectors,
                         ::testing::ValuesIn(bring_up_cases("model", make_model)), bring_up_name);

}  // namespace
}  // namespace xive::tima::testing
