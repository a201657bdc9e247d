// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace xive::config {

/// Length of the well-formed UTF-8 sequence at the start of `text` (not empty), 0 if there is none.
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace xive::config
