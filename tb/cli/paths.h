// SPDX-License-Identifier: Apache-2.0
/// Paths are checked before a run starts: a run of hours must not fail at its last step because a
/// folder is missing. All throw config::ConfigError that names the option.
#pragma once

#include <string>

namespace xive::cli {

/// A file to be written; empty = none wanted.
void check_output_file(const std::string& option, const std::string& path);
/// The same where its folder is made if there is none.
void check_new_file(const std::string& option, const std::string& path);
/// A folder to be made or used.
void check_output_folder(const std::string& option, const std::string& path);
/// A folder that must be there.
void check_input_folder(const std::string& option, const std::string& path);

}  // namespace xive::cli
