// SPDX-License-Identifier: Apache-2.0
/// Views of comparisons and results: text for people, JSON, CSV, JUnit.
#pragma once

#include <string>
#include <vector>

#include "tb/ledger/compare.h"

namespace xive::report {

std::string to_text(const ledger::Comparison& comparison);
result::Json to_json(const ledger::Comparison& comparison);

/// One line a job: key, verdict, digest, failure, then the metrics.
std::string to_csv(ledger::Ledger& ledger, const ledger::Batch& batch);
result::Json to_json(ledger::Ledger& ledger, const ledger::Batch& batch);
/// One test case a job.
std::string to_junit(ledger::Ledger& ledger, const ledger::Batch& batch);

std::string trend_text(const std::string& key, const std::string& metric,
                       const std::vector<ledger::Ledger::Point>& points);

}  // namespace xive::report
