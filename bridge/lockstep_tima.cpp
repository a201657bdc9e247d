// SPDX-License-Identifier: Apache-2.0
#include "bridge/lockstep_tima.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "bridge/describe.h"
#include "bridge/image.h"

namespace xive::bridge {

using tima::Cycle;
using tima::Event;
using tima::EventKind;

namespace {

/// In the order of LockstepTima::Rule.
constexpr RuleInfo kTable[] = {
    {"LS-RDATA", "Load data equals the reference.", "tima.md 2"},
    {"LS-ERR", "The bus error flag equals the reference.", "tima.md 6.5"},
    {"LS-CODE", "The error code equals the reference.", "tima.md 6.5"},
    {"LS-REGS", "All 64 bytes of the thread equal the reference.", "tima.md 1"},
    {"LS-OTHER-THREAD", "No other thread changes with an event.", "tima.md 7 property 21"},
    {"LS-LATCH", "The line latches equal the reference.", "tima.md 3.8"},
    {"LS-LINES", "The lines equal the reference in the cycle of the event.", "tima.md 6.4 A8"},
    {"LS-RQ", "An operation makes the memory requests that the reference makes.", "tima.md 6.3 rq"},
    {"LS-MATCH", "A MATCH answer equals the reference.", "tima.md 4.3"},
    {"LS-PRESENT", "PRESENT and BCAST answers equal the reference.", "tima.md 3.3, 4.8"},
    {"LS-ORDER", "An event starts from the state that the one before it left.", "tima.md 6.4 A1"},
    {"LS-ENABLE", "Thread enables follow the changes that were asked for.", "tima.md 1.7"}};

}  // namespace

LockstepTima::LockstepTima(std::unique_ptr<tima::TimaPort> device, ArrayProbe* probe,
                           RuleBook& rules, AfterMismatch after_mismatch)
    : device_(std::move(device)),
      probe_(probe),
      book_(rules),
      after_mismatch_(after_mismatch),
      reference_(device_->params(), *this),
      first_(static_cast<RuleBook::Index>(rules.entries().size())) {
  static_assert(std::size(kTable) == kRules);
  for (const RuleInfo& info : kTable) rules.add(info);
  device_->observe(this);
  if (probe_ != nullptr) probe_->changed_threads();
  requests_.reserve(16);
  matches_.reserve(64);
}

void LockstepTima::configure(const tima::StaticInputs& inputs) {
  device_->configure(inputs);
  reference_.configure(inputs);
}

void LockstepTima::set_thread_enable(std::uint8_t mask) {
  device_->set_thread_enable(mask);
  for (unsigned t = 0; t < params().threads; ++t) {
    const bool was = (mask_ >> t & 1U) != 0;
    const bool is = (mask >> t & 1U) != 0;
    if (was && !is) ++falls_[t];
    if (!was && is) ++rises_[t];
  }
  mask_ = mask;
}

// ---- what the device tells ----

void LockstepTima::on_match(const tima::PresenterRequest& request,
                            const tima::PresenterResponse& response, Cycle cycle) {
  if (!stopped_) {
    const DeferredMatch match{requests_.size(), request, response, cycle};
    if (requests_.empty()) {
      compare_match(match);
      stop_if_wanted();
    } else {
      matches_.push_back(match);
    }
  }
  if (next_ != nullptr) next_->on_match(request, response, cycle);
}

void LockstepTima::on_memory(const tima::MemoryRequest& request, Cycle cycle) {
  requests_.push_back({request});
  if (tima::is_posted(request.op) && answered_ + 1 == requests_.size()) ++answered_;
  if (next_ != nullptr) next_->on_memory(request, cycle);
}

void LockstepTima::on_memory_answer(const tima::MemoryResponse& response, Cycle cycle) {
  if (answered_ < requests_.size()) {
    requests_[answered_].answer = response;
    requests_[answered_].answered = true;
    do {
      ++answered_;
    } while (answered_ < requests_.size() && tima::is_posted(requests_[answered_].request.op));
  }
  if (next_ != nullptr) next_->on_memory_answer(response, cycle);
}

/// The reference asks: compare with what the device asked, give the answer that the device got.
tima::MemoryResponse LockstepTima::request(const tima::MemoryRequest& request) {
  hit(kRq);
  if (replayed_ == requests_.size()) {
    differ(kRq, event_->cycle, "device made no " + describe(request));
    return {};
  }
  const Request& made = requests_[replayed_++];
  if (made.request != request) {
    differ(kRq, event_->cycle,
           "device made " + describe(made.request) + ", reference " + describe(request));
  }
  if (!made.answered && !tima::is_posted(request.op)) {
    differ(kRq, event_->cycle, "device committed before the answer to " + describe(request));
  }
  for (; matches_done_ < matches_.size() && matches_[matches_done_].requests == replayed_;
       ++matches_done_) {
    compare_match(matches_[matches_done_]);
  }
  return made.answer;
}

// ---- the comparison ----

inline void LockstepTima::stop_if_wanted() {
  stopped_ = after_mismatch_ == AfterMismatch::Stop && mismatch_.has_value();
}

void LockstepTima::compare_reset(const Event& event) {
  reference_.reset();
  requests_.clear();
  matches_.clear();
  answered_ = 0;
  mid_operation_ = false;
  for (unsigned t = 0; t < params().threads; ++t) {
    falls_[t] = 0;
    rises_[t] = mask_ >> t & 1U;
    hit(kRegs);
    const tima::ThreadState seen = device_->state(t);
    if (seen != reference_.state(t)) {
      differ(kRegs, event.cycle,
             fmt::format("after reset, thread {}: {}", t,
                         describe_difference(seen, reference_.state(t))));
      reference_.set_state(t, seen);
    }
  }
  if (probe_ != nullptr) probe_->changed_threads();
}

inline void LockstepTima::compare_before(const Event& event) {
  if (mid_operation_) return;
  if (other_before_) [[unlikely]]
    other_before_.reset();
  hit(kOrder);
  if (!same_state(event.before, reference_.state(event.thread))) [[unlikely]] {
    starts_elsewhere(event);
  }
}

void LockstepTima::starts_elsewhere(const Event& event) {
  other_before_ = reference_.state(event.thread);
  differ(kOrder, event.cycle,
         fmt::format("{} starts from another state: {}", describe(event),
                     describe_difference(event.before, *other_before_)));
  reference_.set_state(event.thread, event.before);
}

inline void LockstepTima::compare_mmio(const Event& event) {
  const tima::MmioResponse due = reference_.mmio(event.mmio);
  const tima::MmioResponse& seen = event.mmio_response;
  hit(kRdata);
  if (seen.rdata != due.rdata) {
    differ(kRdata, event.cycle,
           fmt::format("{}: rdata {:x}, expected {:x}", describe(event), seen.rdata, due.rdata));
  }
  hit(kErr);
  if (seen.err != due.err) {
    differ(kErr, event.cycle,
           fmt::format("{}: err {:d}, expected {:d}", describe(event), seen.err, due.err));
  }
  hit(kCode);
  if (seen.code != due.code || event.code != due.code) {
    differ(kCode, event.cycle,
           fmt::format("{}: code {} (status {}), expected {}", describe(event),
                       static_cast<unsigned>(seen.code), static_cast<unsigned>(event.code),
                       static_cast<unsigned>(due.code)));
  }
}

void LockstepTima::compare_present(const Event& event) {
  const tima::PresenterResponse due = reference_.presenter(event.presenter);
  hit(kPresent);
  if (event.presenter_response.ack != due.ack) {
    differ(kPresent, event.cycle,
           fmt::format("{}: ack {:d}, expected {:d}", describe(event), event.presenter_response.ack,
                       due.ack));
  }
  hit(kCode);
  if (event.code != due.code) {
    differ(kCode, event.cycle,
           fmt::format("{}: code {}, expected {}", describe(event),
                       static_cast<unsigned>(event.code), static_cast<unsigned>(due.code)));
  }
}

/// The device announces each changed thread; the reference changes them all with the first.
void LockstepTima::compare_bcast(const Event& event) {
  if (!std::exchange(mid_operation_, !event.last)) {
    const tima::PresenterResponse due = reference_.presenter(event.presenter);
    hit(kPresent);
    if (event.presenter_response.count != due.count) {
      differ(kPresent, event.cycle,
             fmt::format("{}: count {}, expected {}", describe(event),
                         event.presenter_response.count, due.count));
    }
    hit(kCode);
    if (event.code != due.code) {
      differ(kCode, event.cycle,
             fmt::format("{}: code {}, expected {}", describe(event),
                         static_cast<unsigned>(event.code), static_cast<unsigned>(due.code)));
    }
  }
}

void LockstepTima::compare_enable(const Event& event) {
  const unsigned t = event.thread;
  const bool fall = event.before.enabled;
  const bool rise = event.after.enabled;
  hit(kEnable);
  if ((fall && falls_[t] == 0) || (rise && rises_[t] == 0) || (!fall && !rise)) {
    differ(kEnable, event.cycle,
           fmt::format("{}: {} falls and {} rises of this thread are waiting", describe(event),
                       falls_[t], rises_[t]));
  }
  if (fall) {
    if (falls_[t] != 0) --falls_[t];
    if (rise) {
      reference_.thread_reset(t);
    } else {
      reference_.set_enabled(t, false);
    }
  }
  if (rise) {
    if (rises_[t] != 0) --rises_[t];
    reference_.set_enabled(t, true);
  }
}

inline void LockstepTima::compare_requests(const Event& event) {
  if (mid_operation_) return;
  if (replayed_ != requests_.size()) [[unlikely]] {
    reference_asks_less(event);
  }
  requests_.clear();
  matches_.clear();
  answered_ = 0;
}

void LockstepTima::reference_asks_less(const Event& event) {
  differ(kRq, event.cycle,
         fmt::format("{}: reference does not make {}", describe(event),
                     describe(requests_[replayed_].request)));
}

inline void LockstepTima::compare_after(const Event& event) {
  const unsigned t = event.thread;
  const tima::ThreadState& due = reference_.state(t);
  hit(kRegs);
  hit(kLatch);
  if (!same_state(event.after, due)) state_differs(event, due);
  hit(kLines);
  const tima::Lines lines = reference_.lines(t);
  // With a probe the lines of the event are the pins in its cycle.
  if (event.lines_after != lines || (probe_ == nullptr && device_->lines(t) != lines)) {
    differ(kLines, event.cycle,
           fmt::format("{}: lines {}, expected {}", describe(event), describe(event.lines_after),
                       describe(lines)));
  }
  if (resync_) {
    resync_ = false;
    reference_.set_state(t, event.after);
  }
}

void LockstepTima::state_differs(const Event& event, const tima::ThreadState& due) {
  const std::string detail = describe(event) + ": " + describe_difference(event.after, due);
  if (event.after.r != due.r) differ(kRegs, event.cycle, detail);
  if (event.after.l_os != due.l_os || event.after.l_hv != due.l_hv) {
    differ(kLatch, event.cycle, detail);
  }
  if (event.after.enabled != due.enabled) {
    hit(kEnable);
    differ(kEnable, event.cycle, detail);
  }
  resync_ = true;
}

inline void LockstepTima::compare_others(const Event& event) {
  hit(kOther);
  unsigned changed = 0;
  if (probe_ != nullptr) {
    changed = probe_->changed_threads();
  } else {
    for (unsigned t = 0; t < params().threads; ++t) {
      if (!same_state(device_->state(t), reference_.state(t))) changed |= 1U << t;
    }
  }
  changed &= ~(1U << event.thread);
  if (changed != 0 && !mid_operation_) [[unlikely]] {
    others_differ(event, changed);
  }
}

void LockstepTima::others_differ(const Event& event, unsigned changed) {
  for (unsigned t = 0; t < params().threads; ++t) {
    if ((changed >> t & 1U) == 0) continue;
    const tima::ThreadState seen = device_->state(t);
    differ(kOther, event.cycle,
           fmt::format("{} changed thread {}: {}", describe(event), t,
                       describe_difference(seen, reference_.state(t))));
    reference_.set_state(t, seen);
  }
}

void LockstepTima::compare_match(const DeferredMatch& match) {
  hit(kMatch);
  const tima::PresenterResponse due = reference_.match(match.request);
  if (match.seen != due) {
    differ(kMatch, match.cycle,
           fmt::format("{}: {}, expected {}", describe(match.request), describe(match.seen),
                       describe(due)));
  }
}

inline void LockstepTima::compare(const Event& event) {
  event_ = &event;
  if (event.kind == EventKind::Reset) {
    compare_reset(event);
  } else {
    compare_before(event);
    replayed_ = matches_done_ = 0;
    switch (event.kind) {
      case EventKind::Mmio:
        compare_mmio(event);
        break;
      case EventKind::Present:
        compare_present(event);
        break;
      case EventKind::Bcast:
        compare_bcast(event);
        break;
      default:
        compare_enable(event);
        break;
    }
    compare_requests(event);
    compare_after(event);
    compare_others(event);
  }
  event_ = nullptr;
  stop_if_wanted();
}

[[gnu::flatten]] void LockstepTima::on_event(const Event& event) {
  ++events_;
  if (!stopped_) compare(event);
  if (next_ != nullptr) next_->on_event(event);
}

void LockstepTima::differ(Rule rule, Cycle cycle, const std::string& detail) {
  book_.fire(first_ + rule, cycle, detail);
  if (!mismatch_.has_value()) {
    Mismatch& m = mismatch_.emplace();
    m.rule = book_.entries()[first_ + rule].info.id;
    m.cycle = cycle;
    m.detail = detail;
    if (event_ != nullptr) {
      m.event = *event_;
      m.expected_before = other_before_.value_or(event_->before);
      m.expected = reference_.state(event_->thread);
    }
  }
}

}  // namespace xive::bridge
