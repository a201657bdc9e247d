// SPDX-License-Identifier: Apache-2.0
/// Parts that the reports of a machine run and of a boot have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "sc_models/machine/profile.h"
#include "tb/run/run_options.h"

namespace xive::run {

/// Verdict, build, and the "configuration" of the platform.
nlohmann::json report_head(const RunOptions& options, bool passed);

/// Percent of `seconds` that the parts took; 0 when nothing was measured.
struct Shares {
  Shares(const machine::Profile& profile, double seconds);
  double tima, router, rest;
};
/// The line "by part"; `rest` names what is neither TIMA nor router.
std::string by_part(const Shares& shares, std::string_view rest);

}  // namespace xive::run
