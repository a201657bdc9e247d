// SPDX-License-Identifier: Apache-2.0
/// The command line of xive-cosim.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace xive::cli {

/// `arguments` without the program's name. Results go to `out`, one clear line per error to `err`.
/// Returns the exit code: 0 good, 1 the thing under test failed, 2 usage or input, 3 environment.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace xive::cli
