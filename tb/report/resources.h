// SPDX-License-Identifier: Apache-2.0
/// Files that are part of the program.
#pragma once

#include <string_view>

namespace xive::report::resources {

std::string_view page();
std::string_view style();
std::string_view script();
std::string_view chart_library();  ///< Chart.js, minified

}  // namespace xive::report::resources
