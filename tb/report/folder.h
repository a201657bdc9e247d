// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "tb/report/html.h"

namespace xive::report {

/// Reads the folder of a sweep, also while it runs: the jobs that are complete. Throws
/// std::runtime_error if it is none. `ledger` may be empty or not exist: no trend. `file` is the
/// page that links to the folder; empty: one in the folder.
Page read_folder(const std::filesystem::path& folder, const std::string& ledger,
                 const std::filesystem::path& file = {});

/// The page of a folder whose results the caller has in hand, in the order of the jobs.
Page page_of(const std::filesystem::path& folder, std::vector<JobResult> jobs,
             const std::string& ledger);

}  // namespace xive::report
