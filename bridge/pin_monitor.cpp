// SPDX-License-Identifier: Apache-2.0
#include "bridge/pin_monitor.h"

#include <fmt/format.h>

#include <iterator>

#include "bridge/describe.h"

namespace xive::bridge {

using tima::Cycle;
using tima::PresenterResponse;

namespace {

/// In the order of PinMonitor::Rule.
constexpr RuleInfo kTable[] = {
    {"BUS-MM-STABLE", "An MMIO response is held until it is taken.",
     "tima.md 6.3 mm_rsp valid/ready"},
    {"BUS-PM-STABLE", "A presenter response is held until it is taken.",
     "tima.md 6.3 pm_rsp valid/ready"},
    {"BUS-RQ-STABLE", "A memory request is held until it is taken.", "tima.md 6.3 rq valid/ready"},
    {"BUS-MM-ASKED", "Every MMIO response answers an accepted request.", "tima.md 7 property 96"},
    {"BUS-PM-ASKED", "Every presenter response answers an accepted request.",
     "tima.md 7 property 96"},
    {"BUS-RQ-ONE", "No memory request is made while an answer is awaited.",
     "tima.md 6.1 one operation at a time"},
    {"BUS-MM-XTI",
     "An MMIO response equals the XTI record of its operation and does not come "
     "before it.",
     "docs/rtl/xti.md"},
    {"BUS-PM-XTI",
     "A PRESENT or BCAST response equals the XTI record of its operation and "
     "does not come before it.",
     "docs/rtl/xti.md"},
    {"BUS-XTI-REQ", "An XTI record repeats the oldest accepted request that has none yet.",
     "docs/rtl/xti.md"},
    {"BUS-XTI-STATE", "The register array holds the image of the XTI record in its cycle.",
     "docs/rtl/xti.md"},
    {"BUS-LINES",
     "Exception lines change only in the cycle of an XTI record of their thread; os_ext and "
     "user_ebb may rise when a push makes V(OS) visible with its memory request.",
     "tima.md 6.4 A4, A8"},
    {"BUS-LINE-VALUE", "os_ext = L_os AND V(OS), hv_ext = L_hv AND V(PHYS).", "tima.md 0.3"},
    {"BUS-ERR", "err_pulse shows the codes 3..9 of the XTI record, in its cycle only.",
     "tima.md 6.5"},
    {"BUS-IDLE", "idle_o = 1 means that nothing is in progress or waits.",
     "tima.md 6.3 debug outputs"}};

}  // namespace

PinMonitor::PinMonitor(RuleBook& book)
    : book_(book), first_(static_cast<RuleBook::Index>(book.entries().size())) {
  static_assert(std::size(kTable) == kRules);
  for (const RuleInfo& info : kTable) book.add(info);
}

void PinMonitor::reset() {
  mm_.clear();
  pm_.clear();
  mm_stalled_ = pm_stalled_ = rq_stalled_ = false;
}

void PinMonitor::presenter_record(const tima::Event& e, bool asked,
                                  const tima::PresenterRequest& request) {
  hit(kXtiReq);
  const tima::PresenterRequest& p = e.presenter;
  const bool present = p.cmd == tima::PresenterCmd::Present;
  if (!asked) {
    fire(kXtiReq, e.cycle, "record of a presenter operation without a request");
  } else if (request.cmd != p.cmd || p.format != request.format || p.crowd != request.crowd ||
             p.ignore != request.ignore || p.blk != request.blk || p.idx != request.idx ||
             p.prio != request.prio ||
             (present &&
              (p.level != request.level || p.thread != request.thread || p.ring != request.ring))) {
    fire(kXtiReq, e.cycle, "record of " + describe(p) + " is not the request " + describe(request));
  }
  if (e.last) pm_.push(e.presenter_response);
}

void PinMonitor::presenter_response(const PresenterResponse& seen, bool asked, bool match,
                                    bool taken, Cycle cycle) {
  if (!pm_stalled_) {
    hit(kPmAsked);
    if (!asked) fire(kPmAsked, cycle, "response without a request");
    if (!match) {
      hit(kPmXti);
      if (pm_.empty()) {
        fire(kPmXti, cycle, "response before the XTI record of its operation");
      } else if (pm_.front() != seen) {
        differs(kPmXti, cycle, seen, pm_.front());
      }
      pm_.pop();
    }
  } else {
    hit(kPmStable);
    if (seen != pm_held_) differs(kPmStable, cycle, seen, pm_held_);
  }
  pm_stalled_ = !taken;
  if (!taken) pm_held_ = seen;
}

void PinMonitor::memory_request(const tima::MemoryRequest& seen, bool answer_owed, bool taken,
                                Cycle cycle) {
  if (!rq_stalled_) {
    hit(kRqOne);
    if (answer_owed) fire(kRqOne, cycle, "request while the answer to another is awaited");
  } else {
    hit(kRqStable);
    if (seen != rq_held_) {
      fire(kRqStable, cycle, describe(rq_held_) + " became " + describe(seen));
    }
  }
  rq_stalled_ = !taken;
  if (!taken) rq_held_ = seen;
}

void PinMonitor::fire(Rule rule, Cycle cycle, std::string detail) {
  book_.fire(first_ + rule, cycle, std::move(detail));
}

void PinMonitor::differs(Rule rule, Cycle cycle, const tima::MmioResponse& seen,
                         const tima::MmioResponse& due) {
  fire(rule, cycle,
       fmt::format("response rdata {:016x} err {} code {}, expected rdata {:016x} err {} code {}",
                   seen.rdata, seen.err, static_cast<unsigned>(seen.code), due.rdata, due.err,
                   static_cast<unsigned>(due.code)));
}

void PinMonitor::differs(Rule rule, Cycle cycle, const PresenterResponse& seen,
                         const PresenterResponse& due) {
  fire(rule, cycle, "response " + describe(seen) + ", expected " + describe(due));
}

void PinMonitor::bad_mmio_record(const tima::Event& e, bool asked,
                                 const tima::MmioRequest& request) {
  fire(kXtiReq, e.cycle,
       asked ? "record of " + describe(e.mmio) + " is not the request " + describe(request)
             : "record of an MMIO operation without a request");
}

void PinMonitor::withdrawn(Rule rule, bool& stalled, Cycle cycle) {
  hit(rule);
  fire(rule, cycle, "valid fell before ready");
  stalled = false;
}

void PinMonitor::bad_lines(LineWord before, LineWord now, Cycle cycle) {
  fire(kLines, cycle,
       fmt::format("lines {:06x} became {:06x} (ebb, hv, os) without a record of that thread",
                   before, now));
}

void PinMonitor::bad_line_value(const tima::Event& e, const tima::Lines& due, LineWord now) {
  fire(kLineValue, e.cycle,
       fmt::format("thread {}: {}, but latches and V bits make {}", e.thread,
                   describe(lines_of(now, e.thread)), describe(due)));
}

void PinMonitor::array_differs(const tima::Event& e) {
  fire(kXtiState, e.cycle,
       fmt::format("thread {}: register array differs from the record", e.thread));
}

void PinMonitor::bad_error(unsigned pulse, unsigned thread, unsigned due, Cycle cycle) {
  fire(kErr, cycle, fmt::format("err_pulse {} of thread {}, expected {}", pulse, thread, due));
}

}  // namespace xive::bridge
