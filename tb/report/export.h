// SPDX-License-Identifier: Apache-2.0
/// The results of a batch for other programs.
#pragma once

#include <string>

#include "tb/ledger/ledger.h"

namespace xive::report {

/// One line a job: key, verdict, digest, failure, then the metrics; those of the host are called
/// "host.NAME".
std::string to_csv(ledger::Ledger& ledger, const ledger::Batch& batch);
result::Json to_json(ledger::Ledger& ledger, const ledger::Batch& batch);
/// One test case a job.
std::string to_junit(ledger::Ledger& ledger, const ledger::Batch& batch);

}  // namespace xive::report
