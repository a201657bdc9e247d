// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "sc_models/tima/types.h"

namespace xive::tima {

/// The name of spec/tima.md 6.5; "?" for a code that it does not have.
constexpr std::string_view to_string(ErrorCode code) {
  constexpr std::array<std::string_view, 10> kNames = {
      "none",           "ERR_NOACC", "ERR_ALIGN", "ERR_UNDEF",    "ERR_PULL_INVALID",
      "ERR_PUSH_VALID", "ERR_NVP",   "ERR_MULTI", "ERR_GROUP_G1", "ERR_CROWD"};
  const auto index = static_cast<std::size_t>(code);
  return index < kNames.size() ? kNames[index] : "?";
}

}  // namespace xive::tima
