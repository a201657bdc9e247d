// SPDX-License-Identifier: Apache-2.0
/// Rules about the pins of the TIMA RTL (BUS-*): what every port must do whatever the registers
/// say. The bridge reports what it sees in each cycle; the monitor only judges. The checks that
/// pass are inline, the reports of a violation are not.
#pragma once

#include <array>
#include <cstdint>
#include <string>

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

  /// A response or request is being held up: its `_gone()` must be called if it disappears.
  bool watching() const { return mm_stalled_ || pm_stalled_ || rq_stalled_; }

  /// The record of an MMIO operation. `asked`: an accepted request has no record yet, `request` is
  /// the oldest of those.
  void mmio_record(const tima::Event& e, bool asked, const tima::MmioRequest& request) {
    hit(kXtiReq);
    if (!asked || e.mmio.thread != request.thread || e.mmio.page != request.page ||
        e.mmio.offset != request.offset || e.mmio.write != request.write ||
        e.mmio.size_log2 != request.size_log2 || (request.write && e.mmio.wdata != request.wdata)) {
      bad_mmio_record(e, asked, request);
    }
    mm_.push(e.mmio_response);
  }
  void presenter_record(const tima::Event& e, bool asked, const tima::PresenterRequest& request);

  /// Each cycle in which an MMIO response is visible; `asked`: an accepted request is unanswered.
  void mmio_response(const tima::MmioResponse& seen, bool asked, bool taken, tima::Cycle cycle) {
    if (!mm_stalled_) {
      hit(kMmAsked);
      if (!asked) fire(kMmAsked, cycle, "response without a request");
      hit(kMmXti);
      if (mm_.empty()) {
        fire(kMmXti, cycle, "response before the XTI record of its operation");
      } else if (mm_.front() != seen) {
        differs(kMmXti, cycle, seen, mm_.front());
      }
    } else {
      hit(kMmStable);
      if (seen != mm_held_) differs(kMmStable, cycle, seen, mm_held_);
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
    if (mm_stalled_) withdrawn(kMmStable, mm_stalled_, cycle);
  }

  /// As above for the presenter port; MATCH answers have no record.
  void presenter_response(const tima::PresenterResponse& seen, bool asked, bool match, bool taken,
                          tima::Cycle cycle);
  void presenter_response_gone(tima::Cycle cycle) {
    if (pm_stalled_) withdrawn(kPmStable, pm_stalled_, cycle);
  }

  void memory_request(const tima::MemoryRequest& seen, bool answer_owed, bool taken,
                      tima::Cycle cycle);
  void memory_request_gone(tima::Cycle cycle) {
    if (rq_stalled_) withdrawn(kRqStable, rq_stalled_, cycle);
  }

  /// Each cycle with an event. `due`: the lines that follow from latches and V bits of the record.
  void event_lines(const tima::Event& e, const tima::Lines& due, LineWord before, LineWord now) {
    hit(kLines);
    hit(kLineValue);
    const tima::Lines seen = lines_of(now, e.thread);
    if (seen.os_ext != due.os_ext || seen.hv_ext != due.hv_ext) bad_line_value(e, due, now);
    if (((before ^ now) & ~(0x01'01'01U << e.thread)) != 0) bad_lines(before, now, e.cycle);
  }
  /// A cycle without an event in which the lines changed; `starting`: thread whose operation makes
  /// a memory request since this cycle. With it V(OS) becomes visible, so that os_ext and user_ebb,
  /// which depend on it, may rise.
  void lines_without_event(LineWord before, LineWord now, unsigned starting, tima::Cycle cycle) {
    hit(kLines);
    const LineWord may_rise = starting < tima::kMaxThreads ? 0x01'00'01U << starting : 0U;
    if (((before ^ now) & ~(now & may_rise)) != 0) bad_lines(before, now, cycle);
  }

  /// `same`: the register array of the thread holds the image of the record.
  void array(const tima::Event& e, bool same) {
    hit(kXtiState);
    if (!same) array_differs(e);
  }

  /// Error status in a cycle with an event.
  void event_error(const tima::Event& e, unsigned pulse, unsigned thread) {
    hit(kErr);
    const auto code = static_cast<unsigned>(e.code);
    const unsigned due = code >= 3U ? code : 0U;
    if (pulse != due || (pulse != 0 && thread != e.thread)) bad_error(pulse, thread, due, e.cycle);
  }
  void error_without_event(unsigned pulse, unsigned thread, tima::Cycle cycle) {
    hit(kErr);
    bad_error(pulse, thread, 0, cycle);
  }

  /// A cycle with idle_o = 1; `pending`: something is in progress.
  void idle(bool pending, tima::Cycle cycle) {
    hit(kIdle);
    if (pending) fire(kIdle, cycle, "idle_o is 1 while an operation or an answer is pending");
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

  /// Its rules, in the order of their registration.
  enum Rule : RuleBook::Index {
    kMmStable,
    kPmStable,
    kRqStable,
    kMmAsked,
    kPmAsked,
    kRqOne,
    kMmXti,
    kPmXti,
    kXtiReq,
    kXtiState,
    kLines,
    kLineValue,
    kErr,
    kIdle,
    kRules
  };

  void hit(Rule rule) { ++book_.rows(first_)[rule].hits; }
  [[gnu::cold]] void fire(Rule rule, tima::Cycle cycle, std::string detail);
  [[gnu::cold]] void differs(Rule rule, tima::Cycle cycle, const tima::MmioResponse& seen,
                             const tima::MmioResponse& due);
  [[gnu::cold]] void differs(Rule rule, tima::Cycle cycle, const tima::PresenterResponse& seen,
                             const tima::PresenterResponse& due);
  [[gnu::cold]] void bad_mmio_record(const tima::Event& e, bool asked,
                                     const tima::MmioRequest& request);
  [[gnu::cold]] void withdrawn(Rule rule, bool& stalled, tima::Cycle cycle);
  [[gnu::cold]] void bad_lines(LineWord before, LineWord now, tima::Cycle cycle);
  [[gnu::cold]] void bad_line_value(const tima::Event& e, const tima::Lines& due, LineWord now);
  [[gnu::cold]] void array_differs(const tima::Event& e);
  [[gnu::cold]] void bad_error(unsigned pulse, unsigned thread, unsigned due, tima::Cycle cycle);

  RuleBook& book_;
  RuleBook::Index first_;  ///< of the rules in the book

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
