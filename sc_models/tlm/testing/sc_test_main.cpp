// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tlm/testing/sc_test_main.h"

#include <gmock/gmock.h>

#include <systemc>

namespace xive::testing {

void run_in_thread(const std::function<void()>& body) {
  sc_core::sc_spawn(body, sc_core::sc_gen_unique_name("test_body"));
  sc_core::sc_start();
}

}  // namespace xive::testing

int sc_main(int, char**) {
  xive::testing::elaborate();
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  return RUN_ALL_TESTS();
}

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  return sc_core::sc_elab_and_sim(argc, argv);
}
