// SPDX-License-Identifier: Apache-2.0
/// Work that falls into independent pieces, on all processors.
#pragma once

#include <cstddef>
#include <functional>

namespace xive::host {

/// Calls `piece` for 0 to n - 1, each once, in any order and side by side. When pieces throw, those
/// behind them may be left out, and the exception of the first one by number goes on: the same as
/// if they had run in turn.
void for_each_piece(std::size_t n, const std::function<void(std::size_t)>& piece);

}  // namespace xive::host
