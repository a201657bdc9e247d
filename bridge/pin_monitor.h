// SPDX-License-Identifier: Apache-2.0
/// Rules about the pins of the TIMA RTL (BUS-*): what every port must do whatever the registers
/// say. The bridge reports what it sees in each cycle; the monitor only judges. The checks that
/// pass are inline, the reports of a violation are not.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "rtl/xti.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/tima/event.h"
#include "sc_models/tima/types.h"

namespace xive::bridge {

/// Lines of all threads: bits [7:0] os_ext, [15:8] hv_ext, [23:16] user_ebb, bit t = thread t.
using LineWord = std::uint32_t;

constexpr tima::Lines lines_of(LineWord word, unsigned thread) {
  return {(word >> thread & 1U) != 0, (word >> (8U + thread) & 1U) != 0,
          (word >> (16U + thread) & 1U) != 0};
}

class PinMonitor {
 public:
  /// Adds its rules to the book, which is not owned.
  explicit PinMonitor(RuleBook& book);

  void reset();

  /// The record of an MMIO operation. `asked`: an accepted request has no record yet, `request` is
  /// the oldest of those.
  void mmio_record(const Xti& x, bool asked, const tima::MmioRequest& request, tima::Cycle cycle) {
    book_.hit(xti_req_);
    if (!asked || x.thread != request.thread || x.page != static_cast<unsigned>(request.page) ||
        x.offset != request.offset || x.write != request.write || x.size != request.size_log2 ||
        (x.write && x.wdata != request.wdata)) {
      bad_mmio_record(x, asked, request, cycle);
    }
    mm_.push({x.rdata, x.err, static_cast<tima::ErrorCode>(x.err_code)});
  }
  void presenter_record(const Xti& x, bool asked, const tima::PresenterRequest& request,
                        tima::Cycle cycle);

  /// Each cycle in which an MMIO response is visible; `asked`: an accepted request is unanswered.
  void mmio_response(const tima::MmioResponse& seen, bool asked, bool taken, tima::Cycle cycle) {
    if (!mm_stalled_) {
      book_.hit(mm_asked_);
      if (!asked) fire(mm_asked_, cycle, "response without a request");
      book_.hit(mm_xti_);
      if (mm_.empty()) {
        fire(mm_xti_, cycle, "response before the XTI record of its operation");
      } else if (mm_.front() != seen) {
        differs(mm_xti_, cycle, seen, mm_.front());
      }
    } else {
      book_.hit(mm_stable_);
      if (seen != mm_held_) differs(mm_stable_, cycle, seen, mm_held_);
    }
    mm_stalled_ = !taken;
    if (taken) {
      mm_.pop();
    } else {
      mm_held_ = seen;
    }
  }
  /// Called instead in a cycle without a response, while one was being held up.
  void mmio_response_gone(tima::Cycle cycle) {
    if (mm_stalled_) withdrawn(mm_stable_, mm_stalled_, cycle);
  }

  /// As above for the presenter port; MATCH answers have no record.
  void presenter_response(const tima::PresenterResponse& seen, bool asked, bool match, bool taken,
                          tima::Cycle cycle);
  void presenter_response_gone(tima::Cycle cycle) {
    if (pm_stalled_) withdrawn(pm_stable_, pm_stalled_, cycle);
  }

  void memory_request(const tima::MemoryRequest& seen, bool answer_owed, bool taken,
                      tima::Cycle cycle);
  void memory_request_gone(tima::Cycle cycle) {
    if (rq_stalled_) withdrawn(rq_stable_, rq_stalled_, cycle);
  }

  /// Each cycle with an event: the lines must follow from latch and V bit of the record.
  void event_lines(const Xti& x, LineWord before, LineWord now, tima::Cycle cycle) {
    book_.hit(lines_);
    const LineWord mask = 0x01'01'01U << x.thread;
    const bool os = x.l_os_after && (x.regs_after[0x18] & 0x80U) != 0;
    const bool hv = x.l_hv_after && (x.regs_after[0x38] & 0x80U) != 0;
    book_.hit(line_value_);
    if (((now >> x.thread & 1U) != 0) != os || ((now >> (8U + x.thread) & 1U) != 0) != hv) {
      bad_line_value(x, now, cycle);
    }
    if (((before ^ now) & ~mask) != 0) bad_lines(before, now, cycle);
  }
  /// A cycle without an event in which the lines changed; `starting`: thread whose operation makes
  /// a memory request since this cycle.
  void lines_without_event(LineWord before, LineWord now, unsigned starting, tima::Cycle cycle) {
    book_.hit(lines_);
    const LineWord allowed = starting < tima::kMaxThreads ? 0x01'01'01U << starting : 0U;
    if (((before ^ now) & ~allowed) != 0) bad_lines(before, now, cycle);
  }

  /// `same`: the register array of the thread holds regs_after of the record.
  void array(const Xti& x, bool same, tima::Cycle cycle) {
    book_.hit(xti_state_);
    if (!same) array_differs(x, cycle);
  }

  /// Error status in a cycle with an event.
  void event_error(const Xti& x, unsigned pulse, unsigned thread, tima::Cycle cycle) {
    book_.hit(err_);
    const unsigned due = x.err_code >= 3U ? x.err_code : 0U;
    if (pulse != due || (pulse != 0 && thread != x.thread)) bad_error(pulse, thread, due, cycle);
  }
  void error_without_event(unsigned pulse, unsigned thread, tima::Cycle cycle) {
    book_.hit(err_);
    bad_error(pulse, thread, 0, cycle);
  }

  /// A cycle with idle_o = 1; `pending`: something is in progress.
  void idle(bool pending, tima::Cycle cycle) {
    book_.hit(idle_);
    if (pending) fire(idle_, cycle, "idle_o is 1 while an operation or an answer is pending");
  }

 private:
  /// Results announced by XTI whose responses are still to come.
  template <typename T>
  class Expected {
   public:
    bool empty() const { return first_ == last_; }
    const T& front() const { return items_[first_ % kSize]; }
    void push(const T& item) {
      items_[last_++ % kSize] = item;
      if (last_ - first_ > kSize) ++first_;
    }
    void pop() {
      if (!empty()) ++first_;
    }
    void clear() { first_ = last_; }

   private:
    static constexpr unsigned kSize = 8;
    std::array<T, kSize> items_{};
    unsigned first_ = 0;
    unsigned last_ = 0;
  };

  void fire(RuleBook::Index rule, tima::Cycle cycle, std::string detail);
  void differs(RuleBook::Index rule, tima::Cycle cycle, const tima::MmioResponse& seen,
               const tima::MmioResponse& due);
  void differs(RuleBook::Index rule, tima::Cycle cycle, const tima::PresenterResponse& seen,
               const tima::PresenterResponse& due);
  void bad_mmio_record(const Xti& x, bool asked, const tima::MmioRequest& request,
                       tima::Cycle cycle);
  void withdrawn(RuleBook::Index rule, bool& stalled, tima::Cycle cycle);
  void bad_lines(LineWord before, LineWord now, tima::Cycle cycle);
  void bad_line_value(const Xti& x, LineWord now, tima::Cycle cycle);
  void array_differs(const Xti& x, tima::Cycle cycle);
  void bad_error(unsigned pulse, unsigned thread, unsigned due, tima::Cycle cycle);

  RuleBook& book_;
  RuleBook::Index mm_stable_, pm_stable_, rq_stable_, mm_asked_, pm_asked_, rq_one_, mm_xti_,
      pm_xti_, xti_req_, xti_state_, lines_, line_value_, err_, idle_;

  Expected<tima::MmioResponse> mm_;
  Expected<tima::PresenterResponse> pm_;
  tima::MmioResponse mm_held_{};
  tima::PresenterResponse pm_held_{};
  tima::MemoryRequest rq_held_{};
  bool mm_stalled_ = false;
  bool pm_stalled_ = false;
  bool rq_stalled_ = false;
};

}  // namespace xive::bridge
