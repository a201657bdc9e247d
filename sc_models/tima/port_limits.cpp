// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/port_limits.h"

#include <fmt/format.h>

#include <stdexcept>

namespace xive::tima {

using port_limits_detail::check;

void port_limits_detail::refuse(const char* field, unsigned value, unsigned limit) {
  throw std::out_of_range(
      fmt::format("TIMA port: {} is {:#x}, the largest value is {:#x}", field, value, limit));
}

void check_limits(const Params& params, const StaticInputs& inputs) {
  check("inputs.blk", inputs.blk, 0xf);
  for (unsigned thread = 0; thread < params.threads; ++thread) {
    check("inputs.pir", inputs.pir[thread], 0x7fff);
  }
}

void check_enable_mask(const Params& params, std::uint8_t mask) {
  check("thread enable mask", mask, (1U << params.threads) - 1);
}

}  // namespace xive::tima
