// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>

#include "tb/config/config.h"
#include "tb/sweep/job.h"

namespace xive::sweep {

/// Runs the suite of a job in this process and fills what came out into `record`; files of the run
/// go below `folder`. Throws what the suite throws: host::FileError and
/// platform::EnvironmentError when the environment fails it.
void run_suite(const Job& job, const std::filesystem::path& folder, const config::Config& config,
               std::ostream& out, std::ostream& err, result::Record& record);

}  // namespace xive::sweep
