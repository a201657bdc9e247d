// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sc_models/platform/file_error.h"

namespace xive::platform {

/// Content of a file of at most 1 GiB; anything that can be read to its end, /dev/null too.
/// FileError when it cannot be read.
std::vector<std::uint8_t> read_file(const std::string& file);

}  // namespace xive::platform
