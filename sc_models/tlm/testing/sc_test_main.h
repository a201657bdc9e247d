// SPDX-License-Identifier: Apache-2.0
/// For GoogleTest programs that use SystemC. The kernel elaborates once per process: the program
/// builds all its modules in elaborate(), the tests use them, one after the other.
#pragma once

#include <functional>

namespace xive::testing {

/// Defined by the test program: creates and binds every module.
void elaborate();

/// Runs `body` in a thread process and the simulation until nothing is left to do.
void run_in_thread(const std::function<void()>& body);

}  // namespace xive::testing
