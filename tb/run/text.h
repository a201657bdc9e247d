// SPDX-License-Identifier: Apache-2.0
/// Parts that the reports of a machine run and of a boot have in common.
#pragma once

#include <nlohmann/json.hpp>

#include "tb/run/run_options.h"

namespace xive::run {

/// Verdict, build, and the "configuration" of the platform.
nlohmann::json report_head(const RunOptions& options, bool passed);

}  // namespace xive::run
