// SPDX-License-Identifier: Apache-2.0
#include "bridge/describe.h"

#include <fmt/format.h>

namespace xive::bridge {

std::string describe(const tima::MmioRequest& r) {
  const std::string head =
      fmt::format("{}{} thread {} page {} offset {:#06x}", r.write ? "St" : "Ld", 1U << r.size_log2,
                  r.thread, static_cast<unsigned>(r.page), r.offset);
  return r.write ? fmt::format("{} data {:x}", head, r.wdata) : head;
}

std::string describe(const tima::PresenterRequest& r) {
  static constexpr const char* kNames[] = {"MATCH", "PRESENT", "BCAST"};
  std::string text =
      fmt::format("{} F{:d} blk {:x} idx {:x} prio {}", kNames[static_cast<unsigned>(r.cmd) % 3U],
                  r.format, r.blk, r.idx, r.prio);
  if (r.crowd) text += " crowd";
  if (r.ignore) text += " ignore";
  if (r.format) text += fmt::format(" server {:x}", r.logic_serv);
  if (r.cmd == tima::PresenterCmd::Present) {
    text += fmt::format(" thread {} ring {} level {}", r.thread, static_cast<unsigned>(r.ring),
                        r.level);
  }
  return text;
}

std::string describe(const tima::PresenterResponse& r) {
  std::string text =
      fmt::format("match {:02x} precluded {:02x} count {} multi {:d} ack {:d} code {}", r.match,
                  r.precluded, r.count, r.multi_err, r.ack, static_cast<unsigned>(r.code));
  for (unsigned t = 0; t < tima::kMaxThreads; ++t) {
    if ((r.match >> t & 1U) != 0) {
      text +=
          fmt::format(" [{}: ring {} pipr {:02x}]", t, static_cast<unsigned>(r.ring[t]), r.pipr[t]);
    }
  }
  return text;
}

std::string describe(const tima::MemoryRequest& r) {
  return fmt::format(
      "request op {} thread {} blk {:x} idx {:x} priv {} pir {:x} level {} prio {} odd {:d} len {}",
      static_cast<unsigned>(r.op), r.thread, r.blk, r.idx, r.priv, r.pir, r.level, r.prio,
      r.line_odd, r.len);
}

std::string describe(const tima::Lines& l) {
  return fmt::format("os_ext {:d} hv_ext {:d} user_ebb {:d}", l.os_ext, l.hv_ext, l.user_ebb);
}

std::string describe(const tima::Event& e) {
  switch (e.kind) {
    case tima::EventKind::Mmio:
      return describe(e.mmio);
    case tima::EventKind::Present:
    case tima::EventKind::Bcast:
      return describe(e.presenter);
    case tima::EventKind::Enable:
      return fmt::format("enable of thread {}: {:d} to {:d}", e.thread, e.before.enabled,
                         e.after.enabled);
    case tima::EventKind::Reset:
      return "reset";
  }
  return "event of unknown kind";
}

std::string describe_difference(const tima::ThreadState& seen, const tima::ThreadState& expected) {
  std::string text;
  for (unsigned i = 0; i < tima::kThreadBytes; ++i) {
    if (seen.r[i] != expected.r[i]) {
      text += fmt::format("R[{:02x}] is {:02x}, expected {:02x}; ", i, seen.r[i], expected.r[i]);
    }
  }
  if (seen.l_os != expected.l_os) {
    text += fmt::format("L_os is {:d}, expected {:d}; ", seen.l_os, expected.l_os);
  }
  if (seen.l_hv != expected.l_hv) {
    text += fmt::format("L_hv is {:d}, expected {:d}; ", seen.l_hv, expected.l_hv);
  }
  if (seen.enabled != expected.enabled) {
    text += fmt::format("enable is {:d}, expected {:d}; ", seen.enabled, expected.enabled);
  }
  if (text.empty()) return "no difference";
  text.resize(text.size() - 2);
  return text;
}

}  // namespace xive::bridge
