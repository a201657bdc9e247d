// SPDX-License-Identifier: Apache-2.0
/// Widths of the TIMA ports (spec/tima.md 6.3): a value that does not fit its field is a mistake of
/// the caller and is refused before it reaches any implementation.
#pragma once

#include "sc_models/tima/types.h"

namespace xive::tima {

/// Each throws std::out_of_range that names the field, its value and its limit.
void check_limits(const Params& params, const MmioRequest& request);
void check_limits(const Params& params, const PresenterRequest& request);
void check_limits(const Params& params, const StaticInputs& inputs);
void check_enable_mask(const Params& params, std::uint8_t mask);

}  // namespace xive::tima
