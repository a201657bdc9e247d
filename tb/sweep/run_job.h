// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

#include "tb/sweep/job.h"

namespace xive::sweep {

/// Carries out the job of a folder (job.json) in this process and writes result.json and host.json
/// there. Exit code: 0 passed, 1 failed, 2 no job there or its configuration is wrong.
int run_job(const std::string& folder, std::ostream& out, std::ostream& err);

/// The record of a job that has run `work`: judged by its expectations. Metrics that are not there
/// fail the expectation that names them.
void judge(const Job& job, result::Record& record);

/// This program, for records.
result::Build this_build();

}  // namespace xive::sweep
