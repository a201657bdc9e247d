// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/port_limits.h"

#include <fmt/format.h>

#include <stdexcept>

namespace xive::tima {
namespace {

[[noreturn]] void refuse(const char* field, unsigned value, unsigned limit) {
  throw std::out_of_range(
      fmt::format("TIMA port: {} is {:#x}, the largest value is {:#x}", field, value, limit));
}

void check(const char* field, unsigned value, unsigned limit) {
  if (value > limit) refuse(field, value, limit);
}

}  // namespace

void check_limits(const Params& params, const MmioRequest& request) {
  check("mmio.thread", request.thread, params.threads - 1);
  check("mmio.page", static_cast<unsigned>(request.page), 3);
  check("mmio.size_log2", request.size_log2, 3);
}

void check_limits(const Params& params, const PresenterRequest& request) {
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

void check_limits(const Params& params, const StaticInputs& inputs) {
  check("inputs.blk", inputs.blk, 0xf);
  for (unsigned thread = 0; thread < params.threads; ++thread) {
    check("inputs.pir", inputs.pir[thread], 0x7fff);
  }
}

void check_enable_mask(const Params& params, std::uint8_t mask) {
  check("thread enable mask", mask, (1U << params.threads) - 1);
}

}  // namespace xive::tima
