// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace xive::bridge {

/// Who plays the TIMA: the reference, the Verilated RTL, or both in lock-step.
enum class TimaKind : std::uint8_t { Model, Rtl, Lockstep };

/// The word that configurations and reports use.
constexpr std::string_view to_string(TimaKind kind) {
  switch (kind) {
    case TimaKind::Model:
      return "model";
    case TimaKind::Rtl:
      return "rtl";
    case TimaKind::Lockstep:
      return "lockstep";
  }
  return "?";
}

}  // namespace xive::bridge
