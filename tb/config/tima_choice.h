// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridge/tima_kind.h"
#include "tb/config/schema.h"

namespace xive::config {

/// The words of bridge::TimaKind.
inline auto tima_choice() {
  using bridge::TimaKind;
  return choice<TimaKind>(
      {{"model", TimaKind::Model}, {"rtl", TimaKind::Rtl}, {"lockstep", TimaKind::Lockstep}});
}

}  // namespace xive::config
