// SPDX-License-Identifier: Apache-2.0
/// Values of a sweep file whose keys are keys of the configuration.
#pragma once

#include <vector>

#include "tb/sweep/spec.h"

namespace xive::sweep {

/// {key: value, ...}
config::Schema<std::vector<Setting>> settings_type();
/// {key: [value, ...], ...}
config::Schema<std::vector<Axis>> axes_type();
/// {key: [min, max], ...}
config::Schema<std::vector<Range>> ranges_type();

}  // namespace xive::sweep
