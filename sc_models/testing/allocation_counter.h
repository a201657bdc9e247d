// SPDX-License-Identifier: Apache-2.0
/// A program that links library allocation_counter has its operator new counted.
#pragma once

#include <cstddef>

namespace xive::testing {

/// Allocations of this program so far.
std::size_t allocations();

}  // namespace xive::testing
