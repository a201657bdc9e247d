// SPDX-License-Identifier: Apache-2.0
/// A Verilated model trusts its inputs: a value wider than a port corrupts memory. These checks
/// stand between every client and the pins.
#pragma once

#include <stdexcept>

#include "sc_models/tima/types.h"

namespace xive::bridge {

[[noreturn]] void limit_exceeded(const char* field, unsigned long long value,
                                 unsigned long long limit);

inline void check_limit(const char* field, unsigned long long value, unsigned long long limit) {
  if (value > limit) [[unlikely]] {
    limit_exceeded(field, value, limit);
  }
}

/// std::out_of_range if a field does not fit its port of spec/tima.md 6.3.
inline void check_limits(const tima::MmioRequest& r, unsigned threads) {
  check_limit("MmioRequest::thread", r.thread, threads - 1);
  check_limit("MmioRequest::page", static_cast<unsigned>(r.page), 3);
  check_limit("MmioRequest::size_log2", r.size_log2, 3);
}
inline void check_limits(const tima::PresenterRequest& r, unsigned threads) {
  check_limit("PresenterRequest::cmd", static_cast<unsigned>(r.cmd), 2);
  check_limit("PresenterRequest::blk", r.blk, 0xf);
  check_limit("PresenterRequest::idx", r.idx, 0xffffff);
  check_limit("PresenterRequest::logic_serv", r.logic_serv, 0x7fffffff);
  check_limit("PresenterRequest::level", r.level, 0x3f);
  check_limit("PresenterRequest::thread", r.thread, threads - 1);
  check_limit("PresenterRequest::ring", static_cast<unsigned>(r.ring), 3);
}
inline void check_limits(const tima::MemoryResponse& r) {
  check_limit("MemoryResponse::t", r.t, 1);
  check_limit("MemoryResponse::pgofirst", r.pgofirst, 0x3f);
  check_limit("MemoryResponse::scan_level", r.scan_level, 0x3f);
}
inline void check_limits(const tima::StaticInputs& s) {
  check_limit("StaticInputs::blk", s.blk, 0xf);
  for (const auto pir : s.pir) check_limit("StaticInputs::pir", pir, 0x7fff);
}

}  // namespace xive::bridge
