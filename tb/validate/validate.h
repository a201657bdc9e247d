// SPDX-License-Identifier: Apache-2.0
/// The two commands of this library. Both print to `out` (result, progress) and `err` (errors), and
/// return the exit code of the program: 0 good, 1 the thing under test failed, 2 usage or input,
/// 3 environment (also: interrupted by a signal).
#pragma once

#include <iosfwd>

#include "tb/validate/validate_options.h"

namespace xive::validate {

int run_validate(const ValidateOptions& options, std::ostream& out, std::ostream& err);

/// 1 = the violation of the capsule is reproduced (same rule, same cycle), 0 = it no longer
/// happens, 2 = the capsule is damaged or of another kind.
int run_replay(const ReplayOptions& options, std::ostream& out, std::ostream& err);

}  // namespace xive::validate
