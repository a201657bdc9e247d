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

}  // namespace xive::report
