// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>

namespace xive::sweep {

/// Runs the job of a folder once more, in this process, and writes what happened to `file`, as a
/// trace for Perfetto. Its result stays as it is. Exit code: 0 the same digest as then, 1 another
/// one, or none. Throws NotTraceable when there is no such job or its suite has no trace.
int trace_job(const std::filesystem::path& folder, const std::string& file, std::ostream& out,
              std::ostream& err);

class NotTraceable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace xive::sweep
