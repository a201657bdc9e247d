// SPDX-License-Identifier: Apache-2.0
/// Answers the requests that TIMAs make towards memory (xive-chip.md section 10). Each is executed
/// atomically at the chip that owns the block. Generation 1 has one operation; the others are
/// refused here and are the place for generation 2.
#pragma once

#include "sc_models/tima/types.h"
#include "sc_models/xive/fabric.h"

namespace xive::ic {

class MemoryService {
 public:
  explicit MemoryService(Fabric& fabric) : fabric_(fabric) {}

  /// `chip` = place in the fabric of the chip whose core asks. Posted operations return ok = false,
  /// to be ignored. Always accepted, whatever the routers wait for (order O3).
  tima::MemoryResponse execute(unsigned chip, const tima::MemoryRequest& request);

 private:
  tima::MemoryResponse fetch_ipb(unsigned chip, const tima::MemoryRequest& request);

  Fabric& fabric_;
};

}  // namespace xive::ic
