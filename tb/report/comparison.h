// SPDX-License-Identifier: Apache-2.0
/// Views of what changed: text for people, JSON.
#pragma once

#include <string>
#include <vector>

#include "tb/ledger/compare.h"

namespace xive::report {

std::string to_text(const ledger::Comparison& comparison);
result::Json to_json(const ledger::Comparison& comparison);

/// `what` names whose metric it is.
std::string trend_text(const std::string& what, const std::string& metric,
                       const std::vector<ledger::Ledger::Point>& points);

}  // namespace xive::report
