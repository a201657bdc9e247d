// SPDX-License-Identifier: Apache-2.0
/// Reduction of an operation list while the same rule fires: first the shortest end piece, then
/// delta debugging, both within a time limit.
#pragma once

#include <functional>
#include <vector>

#include "tb/validate/operation.h"

namespace xive::validate {

/// True if the list still shows the violation that is looked for.
using StillFails = std::function<bool(const std::vector<Operation>&)>;
/// True when it is time to stop.
using Enough = std::function<bool()>;

struct ShrinkResult {
  std::vector<Operation> operations;
  std::size_t attempts = 0;
  bool complete = false;  ///< no single operation can be left out any more
};

/// `operations` must fail. Calls `still_fails` until nothing gets shorter or `enough` says so.
ShrinkResult shrink(const std::vector<Operation>& operations, const StillFails& still_fails,
                    const Enough& enough);

}  // namespace xive::validate
