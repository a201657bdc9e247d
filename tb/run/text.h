// SPDX-License-Identifier: Apache-2.0
/// Small parts of texts that several reports have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bridge/make_tima.h"

namespace xive::run {

const char* tima_name(bridge::TimaKind kind);
/// Percent of `seconds`; 0 when nothing was measured.
double share(std::uint64_t part_ns, double seconds);
/// Text with the characters that XML reserves replaced.
std::string xml(std::string_view text);

}  // namespace xive::run
