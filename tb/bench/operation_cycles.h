// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sc_models/tima/tima_port.h"

namespace xive::bench {

struct OperationCycles {
  std::string operation;
  tima::Cycle alone = 0;    ///< from submission to answer, port idle before
  double back_to_back = 0;  ///< per operation, when many are queued
};

/// Clock cycles of each kind of operation on the port, memory answering at once. Binds itself to
/// the port.
std::vector<OperationCycles> operation_cycles(tima::TimaPort& port);

}  // namespace xive::bench
