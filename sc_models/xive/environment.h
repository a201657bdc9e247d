// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sc_models/platform/direct_port.h"
#include "sc_models/xive/defect.h"
#include "sc_models/xive/fir.h"
#include "sc_models/xive/observer.h"

namespace xive::ic {

/// What all parts of one chip share. `memory` is not owned. What every step looks at is the first
/// line of a cache: all but the pages of the port and the log.
struct alignas(64) Environment {
  explicit Environment(platform::MemoryPort& port, std::uint8_t number = 0)
      : chip(number), memory(port) {}
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  Observer* observer = nullptr;
  HopObserver* hops = nullptr;
  QueueObserver* queues = nullptr;
  Defect defect = Defect::None;  ///< the mutant under test; see defect.h
  std::uint8_t chip;             ///< number of the chip in its fabric
  platform::DirectPort memory;
  FirLog fir;

  bool broken(Defect which) const { return defect == which; }

  /// The one place where an interrupt passes a station; latencies are annotated by its observer.
  void hop(TraceId trace, Hop at, unsigned blk, std::uint32_t idx) const {
    if (hops != nullptr) {
      hops->on_hop({trace, at, chip, static_cast<std::uint8_t>(blk), idx});
    }
  }
};

}  // namespace xive::ic
