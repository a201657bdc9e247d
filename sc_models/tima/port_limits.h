// SPDX-License-Identifier: Apache-2.0
/// Widths of the TIMA ports (spec/tima.md 6.3): a value that does not fit its field is a mistake of
/// the caller and is refused before it reaches any implementation.
#pragma once

#include "sc_models/tima/types.h"

namespace xive::tima {

namespace port_limits_detail {
[[noreturn, gnu::cold]] void refuse(const char* field, unsigned value, unsigned limit);

inline void check(const char* field, unsigned value, unsigned limit) {
  if (value > limit) [[unlikely]]
    refuse(field, value, limit);
}
}  // namespace port_limits_detail

/// Each throws std::out_of_range that names the field, its value and its limit.
inline void check_limits(const Params& params, const MmioRequest& request) {
  using port_limits_detail::check;
  check("mmio.thread", request.thread, params.threads - 1);
  check("mmio.page", static_cast<unsigned>(request.page), 3);
  check("mmio.size_log2", request.size_log2, 3);
}

inline void check_limits(const Params& params, const PresenterRequest& request) {
  using port_limits_detail::check;
  check("presenter.cmd", static_cast<unsigned>(request.cmd), 2);
  check("presenter.blk", request.blk, 0xf);
  check("presenter.idx", request.idx, 0xffffff);
  check("presenter.logic_serv", request.logic_serv, 0x7fffffff);
  check("presenter.level", request.level, 0x3f);
  check("presenter.ring", static_cast<unsigned>(request.ring), 3);
  // Only PRESENT names a thread; the others need no more than that the value fits the field.
  check("presenter.thread", request.thread,
        request.cmd == PresenterCmd::Present ? params.threads - 1 : kMaxThreads - 1);
}

void check_limits(const Params& params, const StaticInputs& inputs);
void check_enable_mask(const Params& params, std::uint8_t mask);

}  // namespace xive::tima
