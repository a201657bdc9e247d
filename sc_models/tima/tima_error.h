// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace xive::tima {

/// The TIMA gave no sign of life for the configured number of cycles while it had work.
class TimaHang : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace xive::tima
