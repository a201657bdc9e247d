// SPDX-License-Identifier: Apache-2.0
/// What a cluster runs on its nodes: one job under its limits, exactly as on this machine, and how
/// it ended in a file, because a queue tells less than that.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tb/sweep/executor.h"

namespace xive::sweep {

/// Carries out the job of `folder` as a child process `program job FOLDER` under its limits and
/// writes to `end_file` how it ended. Throws result::RecordError when no job is there,
/// std::system_error, host::FileError.
void supervise(const std::string& program, const std::string& folder,
               const std::filesystem::path& end_file);

/// What supervise() wrote, without the number of the job; nothing while the file is not there.
std::optional<End> read_end(const std::filesystem::path& end_file);

}  // namespace xive::sweep
