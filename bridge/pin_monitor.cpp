// SPDX-License-Identifier: Apache-2.0
#include "bridge/pin_monitor.h"

#include <fmt/format.h>

namespace xive::bridge {

using tima::Cycle;
using tima::PresenterResponse;

PinMonitor::PinMonitor(RuleBook& book)
    : book_(book),
      mm_stable_(book.add({"BUS-MM-STABLE", "An MMIO response is held until it is taken.",
                           "tima.md 6.3 mm_rsp valid/ready"})),
      pm_stable_(book.add({"BUS-PM-STABLE", "A presenter response is held until it is taken.",
                           "tima.md 6.3 pm_rsp valid/ready"})),
      rq_stable_(book.add({"BUS-RQ-STABLE", "A memory request is held until it is taken.",
                           "tima.md 6.3 rq valid/ready"})),
      mm_asked_(book.add({"BUS-MM-ASKED", "Every MMIO response answers an accepted request.",
                          "tima.md 7 property 96"})),
      pm_asked_(book.add({"BUS-PM-ASKED", "Every presenter response answers an accepted request.",
                          "tima.md 7 property 96"})),
      rq_one_(book.add({"BUS-RQ-ONE", "No memory request is made while an answer is awaited.",
                        "tima.md 6.1 one operation at a time"})),
      mm_xti_(book.add({"BUS-MM-XTI",
                        "An MMIO response equals the XTI record of its operation and does not come "
                        "before it.",
                        "docs/rtl/xti.md"})),
      pm_xti_(book.add({"BUS-PM-XTI",
                        "A PRESENT or BCAST response equals the XTI record of its operation and "
                        "does not come before it.",
                        "docs/rtl/xti.md"})),
      xti_req_(book.add({"BUS-XTI-REQ",
                         "An XTI record repeats the oldest accepted request that has none yet.",
                         "docs/rtl/xti.md"})),
      xti_state_(book.add({"BUS-XTI-STATE",
                           "The register array holds the image of the XTI record in its cycle.",
                           "docs/rtl/xti.md"})),
      lines_(
          book.add({"BUS-LINES",
                    "Exception lines change only in the cycle of an XTI record of their thread, or "
                    "when a push makes V visible with its memory request.",
                    "tima.md 6.4 A4, A8"})),
      line_value_(book.add({"BUS-LINE-VALUE", "os_ext = L_os AND V(OS), hv_ext = L_hv AND V(PHYS).",
                            "tima.md 0.3"})),
      err_(book.add({"BUS-ERR",
                     "err_pulse shows the codes 3..9 of the XTI record, in its cycle only.",
                     "tima.md 6.5"})),
      idle_(book.add({"BUS-IDLE", "idle_o = 1 means that nothing is in progress or waits.",
                      "tima.md 6.3 debug outputs"})) {}

void PinMonitor::reset() {
  mm_.clear();
  pm_.clear();
  mm_stalled_ = pm_stalled_ = rq_stalled_ = false;
}

void PinMonitor::presenter_record(const Xti& x, bool asked, const tima::PresenterRequest& request,
                                  Cycle cycle) {
  book_.hit(xti_req_);
  const auto cmd =
      x.kind == XtiKind::Present ? tima::PresenterCmd::Present : tima::PresenterCmd::Bcast;
  const bool present = cmd == tima::PresenterCmd::Present;
  if (!asked) {
    fire(xti_req_, cycle, "record of a presenter operation without a request");
  } else if (request.cmd != cmd || x.format != request.format || x.crowd != request.crowd ||
             x.ignore != request.ignore || x.blk != request.blk || x.idx != request.idx ||
             x.prio != request.prio ||
             (present && (x.level != request.level || x.thread != request.thread ||
                          x.ring != static_cast<unsigned>(request.ring)))) {
    fire(xti_req_, cycle,
         fmt::format("record of cmd {} blk {:x} idx {:x} prio {} level {} thread {} ring {} is not "
                     "the request cmd {} blk {:x} idx {:x} prio {} level {} thread {} ring {}",
                     static_cast<unsigned>(cmd), x.blk, x.idx, x.prio, x.level, x.thread, x.ring,
                     static_cast<unsigned>(request.cmd), request.blk, request.idx, request.prio,
                     request.level, request.thread, static_cast<unsigned>(request.ring)));
  }
  if (!x.last) return;
  PresenterResponse due;
  due.code = static_cast<tima::ErrorCode>(x.err_code);
  if (present) {
    due.ack = x.ack;
  } else {
    due.count = x.count;
  }
  pm_.push(due);
}

void PinMonitor::presenter_response(const PresenterResponse& seen, bool asked, bool match,
                                    bool taken, Cycle cycle) {
  if (!pm_stalled_) {
    book_.hit(pm_asked_);
    if (!asked) fire(pm_asked_, cycle, "response without a request");
    if (!match) {
      book_.hit(pm_xti_);
      if (pm_.empty()) {
        fire(pm_xti_, cycle, "response before the XTI record of its operation");
      } else if (pm_.front() != seen) {
        differs(pm_xti_, cycle, seen, pm_.front());
      }
      pm_.pop();
    }
  } else {
    book_.hit(pm_stable_);
    if (seen != pm_held_) differs(pm_stable_, cycle, seen, pm_held_);
  }
  pm_stalled_ = !taken;
  if (!taken) pm_held_ = seen;
}

void PinMonitor::memory_request(const tima::MemoryRequest& seen, bool answer_owed, bool taken,
                                Cycle cycle) {
  if (!rq_stalled_) {
    book_.hit(rq_one_);
    if (answer_owed) fire(rq_one_, cycle, "request while the answer to another is awaited");
  } else {
    book_.hit(rq_stable_);
    if (seen != rq_held_) {
      fire(rq_stable_, cycle,
           fmt::format("op {} thread {} blk {:x} idx {:x} became op {} thread {} blk {:x} idx {:x}",
                       static_cast<unsigned>(rq_held_.op), rq_held_.thread, rq_held_.blk,
                       rq_held_.idx, static_cast<unsigned>(seen.op), seen.thread, seen.blk,
                       seen.idx));
    }
  }
  rq_stalled_ = !taken;
  if (!taken) rq_held_ = seen;
}

void PinMonitor::fire(RuleBook::Index rule, Cycle cycle, std::string detail) {
  book_.fire(rule, cycle, std::move(detail));
}

void PinMonitor::differs(RuleBook::Index rule, Cycle cycle, const tima::MmioResponse& seen,
                         const tima::MmioResponse& due) {
  fire(rule, cycle,
       fmt::format("response rdata {:016x} err {} code {}, expected rdata {:016x} err {} code {}",
                   seen.rdata, seen.err, static_cast<unsigned>(seen.code), due.rdata, due.err,
                   static_cast<unsigned>(due.code)));
}

void PinMonitor::differs(RuleBook::Index rule, Cycle cycle, const PresenterResponse& seen,
                         const PresenterResponse& due) {
  fire(rule, cycle,
       fmt::format("response match {:02x} precluded {:02x} count {} multi {} ack {} code {}, "
                   "expected match {:02x} precluded {:02x} count {} multi {} ack {} code {}",
                   seen.match, seen.precluded, seen.count, seen.multi_err, seen.ack,
                   static_cast<unsigned>(seen.code), due.match, due.precluded, due.count,
                   due.multi_err, due.ack, static_cast<unsigned>(due.code)));
}

void PinMonitor::bad_mmio_record(const Xti& x, bool asked, const tima::MmioRequest& request,
                                 Cycle cycle) {
  if (!asked) {
    fire(xti_req_, cycle, "record of an MMIO operation without a request");
    return;
  }
  fire(
      xti_req_, cycle,
      fmt::format("record of thread {} page {} offset {:04x} write {} size {} wdata {:016x} is not "
                  "the request thread {} page {} offset {:04x} write {} size {} wdata {:016x}",
                  x.thread, x.page, x.offset, x.write, x.size, x.wdata, request.thread,
                  static_cast<unsigned>(request.page), request.offset, request.write,
                  request.size_log2, request.wdata));
}

void PinMonitor::withdrawn(RuleBook::Index rule, bool& stalled, Cycle cycle) {
  book_.hit(rule);
  fire(rule, cycle, "valid fell before ready");
  stalled = false;
}

void PinMonitor::bad_lines(LineWord before, LineWord now, Cycle cycle) {
  fire(lines_, cycle,
       fmt::format("lines {:06x} became {:06x} (ebb, hv, os) without a record of that thread",
                   before, now));
}

void PinMonitor::bad_line_value(const Xti& x, LineWord now, Cycle cycle) {
  fire(line_value_, cycle,
       fmt::format("thread {}: lines {:06x} (ebb, hv, os), but L_os {} V(OS) {} L_hv {} V(PHYS) {}",
                   x.thread, now, x.l_os_after, x.regs_after[0x18] >> 7U, x.l_hv_after,
                   x.regs_after[0x38] >> 7U));
}

void PinMonitor::array_differs(const Xti& x, Cycle cycle) {
  fire(xti_state_, cycle,
       fmt::format("thread {}: register array differs from the record", x.thread));
}

void PinMonitor::bad_error(unsigned pulse, unsigned thread, unsigned due, Cycle cycle) {
  fire(err_, cycle, fmt::format("err_pulse {} of thread {}, expected {}", pulse, thread, due));
}

}  // namespace xive::bridge
