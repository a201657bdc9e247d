// SPDX-License-Identifier: Apache-2.0
#include "bridge/pin_monitor.h"

#include <fmt/format.h>

#include "bridge/describe.h"

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

void PinMonitor::presenter_record(const tima::Event& e, bool asked,
                                  const tima::PresenterRequest& request) {
  book_.hit(xti_req_);
  const tima::PresenterRequest& p = e.presenter;
  const bool present = p.cmd == tima::PresenterCmd::Present;
  if (!asked) {
    fire(xti_req_, e.cycle, "record of a presenter operation without a request");
  } else if (request.cmd != p.cmd || p.format != request.format || p.crowd != request.crowd ||
             p.ignore != request.ignore || p.blk != request.blk || p.idx != request.idx ||
             p.prio != request.prio ||
             (present &&
              (p.level != request.level || p.thread != request.thread || p.ring != request.ring))) {
    fire(xti_req_, e.cycle,
         "record of " + describe(p) + " is not the request " + describe(request));
  }
  if (e.last) pm_.push(e.presenter_response);
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
      fire(rq_stable_, cycle, describe(rq_held_) + " became " + describe(seen));
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
  fire(rule, cycle, "response " + describe(seen) + ", expected " + describe(due));
}

void PinMonitor::bad_mmio_record(const tima::Event& e, bool asked,
                                 const tima::MmioRequest& request) {
  fire(xti_req_, e.cycle,
       asked ? "record of " + describe(e.mmio) + " is not the request " + describe(request)
             : "record of an MMIO operation without a request");
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

void PinMonitor::bad_line_value(const tima::Event& e, const tima::Lines& due, LineWord now) {
  fire(line_value_, e.cycle,
       fmt::format("thread {}: {}, but latches and V bits make {}", e.thread,
                   describe(lines_of(now, e.thread)), describe(due)));
}

void PinMonitor::array_differs(const tima::Event& e) {
  fire(xti_state_, e.cycle,
       fmt::format("thread {}: register array differs from the record", e.thread));
}

void PinMonitor::bad_error(unsigned pulse, unsigned thread, unsigned due, Cycle cycle) {
  fire(err_, cycle, fmt::format("err_pulse {} of thread {}, expected {}", pulse, thread, due));
}

}  // namespace xive::bridge
