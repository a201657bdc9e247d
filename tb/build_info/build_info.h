// SPDX-License-Identifier: Apache-2.0
/// What a result must say about the program that produced it.
#pragma once

#include <string_view>

namespace xive {

struct BuildInfo {
  std::string_view version;     ///< of the project, e.g. "0.1.0"
  std::string_view commit;      ///< 12 hex digits; "unknown" outside a repository
  bool dirty = false;           ///< tracked files differed from the commit at build time
  std::string_view compiler;    ///< e.g. "GNU 12.2.0"
  std::string_view build_type;  ///< CMake build type
  std::string_view sanitizers;  ///< empty: none
  std::string_view systemc;     ///< version compiled against
  std::string_view verilator;   ///< version that translated the RTL
};

const BuildInfo& build_info();

}  // namespace xive
