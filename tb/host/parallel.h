// SPDX-License-Identifier: Apache-2.0
/// Work that falls into independent pieces, several at a time.
#pragma once

#include <cstddef>
#include <functional>

namespace xive::host {

/// Calls `piece` for 0 to n - 1, each once, in any order and `at_once` of them side by side (0: as
/// many as there are processors). When pieces throw, those behind them may be left out, and the
/// exception of the first one by number goes on: the same as if they had run in turn.
void for_each_piece(std::size_t n, const std::function<void(std::size_t)>& piece,
                    unsigned at_once = 0);

}  // namespace xive::host
