// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string_view>

namespace xive::validate {

/// Writes one line in the form that all errors of the program have. Returns `exit_code`.
inline int complain(std::ostream& err, int exit_code, std::string_view text) {
  err << "xive-cosim: error: " << text << '\n';
  return exit_code;
}

}  // namespace xive::validate
