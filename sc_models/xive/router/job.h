// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sc_models/xive/observer.h"

namespace xive::ic {

/// One thing the router has to do.
struct Job {
  enum class Kind : std::uint8_t { Eas, End, Notify, Escalate, Sync } kind = Kind::Eas;
  bool pq_checked = false;
  bool redistribute = false;
  std::uint8_t blk = 0;
  std::uint8_t depth = 0;  ///< escalations and forwards so far
  std::uint32_t idx = 0;
  std::uint32_t data = 0;  ///< Sync: its bit
  TraceId trace = 0;       ///< Sync: events accepted before it
};

}  // namespace xive::ic
