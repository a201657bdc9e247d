// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace xive::validate::testing_support {

/// The names in the hierarchy of an FST file, one after the other; empty if it has none. Enough to
/// see whether waves hold what they should, no reader of values.
std::string fst_names(const std::filesystem::path& path);

}  // namespace xive::validate::testing_support
