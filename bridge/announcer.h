// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "bridge/pin_codec.h"
#include "bridge/pin_monitor.h"
#include "sc_models/tima/event.h"

namespace xive::bridge {

/// Tells the observer what the RTL announced, at once or in batches, always in order. Reference and
/// rules are large: called after each operation, they and the RTL throw each other out of the
/// instruction cache; called for a batch they cost half.
///
/// A record of the RTL is decoded once, into the place where it waits for the observer; whoever
/// else wants to see the event looks at it there.
class Announcer {
 public:
  /// `batch`: announcements that are kept before the observer hears of them; 1 = at once.
  Announcer(const tima::Knobs& knobs, std::size_t batch)
      : user_ring_(knobs.user_ring),
        records_(batch),
        next_(records_.data()),
        end_(next_ + records_.size()) {}
  Announcer(const Announcer&) = delete;
  Announcer& operator=(const Announcer&) = delete;

  void observe(tima::Observer* observer) {
    flush();
    observer_ = observer;
  }
  bool wanted() const { return observer_ != nullptr; }

  /// The event of an XTI record; stays as it is until the next announcement. `lines`: the pins in
  /// the cycle of the record.
  const tima::Event& decode(const std::uint32_t* xti, tima::Cycle cycle, LineWord lines,
                            std::uint32_t logic_serv) {
    Record& r = next(Kind::Event, cycle);
    tima::Event& event = r.event;
    const bool mmio = xti_kind(xti) == XtiKind::Mmio;
    if (!mmio || r.other) [[unlikely]] {
      event = {};
      r.other = !mmio;
    }
    decode_event(xti, event);
    event.cycle = cycle;
    if (!mmio) event.presenter.logic_serv = logic_serv;
    event.lines_before = lines_of_state(event.before);
    event.lines_after = lines_of(lines, event.thread);
    return event;
  }
  /// Announces the event that was decoded last. `changed`: see changed_threads().
  void event(std::uint8_t changed) {
    next_->changed = changed;
    added();
  }
  void match(const tima::PresenterRequest& request, const tima::PresenterResponse& response,
             tima::Cycle cycle) {
    Record& r = next(Kind::Match, cycle);
    r.other = true;
    r.event.presenter = request;
    r.event.presenter_response = response;
    added();
  }
  void memory(const tima::MemoryRequest& request, tima::Cycle cycle) {
    next(Kind::Memory, cycle).memory = request;
    added();
  }
  void memory_answer(const tima::MemoryResponse& answer, tima::Cycle cycle) {
    next(Kind::Answer, cycle).answer = answer;
    added();
  }
  void reset(tima::Cycle cycle) {
    Record& r = next(Kind::Event, cycle);
    r.other = true;
    r.event = {};
    r.event.kind = tima::EventKind::Reset;
    r.event.cycle = cycle;
    r.changed = 0;
    ++next_;
    flush();
  }

  /// Threads that changed up to the event that is being told, since the last call.
  std::uint8_t changed_threads() {
    const std::uint8_t changed = changed_;
    changed_ = 0;
    return changed;
  }

  void flush() {
    const Record* const end = next_;
    next_ = records_.data();
    if (observer_ == nullptr) return;
    for (const Record* r = next_; r != end; ++r) tell(*r);
  }

  /// 0.3: a line is its latch, gated by V. The pins may already have moved with a memory request.
  tima::Lines lines_of_state(const tima::ThreadState& s) const {
    tima::Lines lines;
    lines.os_ext = s.l_os && s.valid(tima::Ring::Os);
    lines.hv_ext = s.l_hv && s.valid(tima::Ring::Phys);
    lines.user_ebb =
        user_ring_ && (s.r[0] & 0x80U) != 0 && s.valid(tima::Ring::User) && s.valid(tima::Ring::Os);
    return lines;
  }

 private:
  enum class Kind : std::uint8_t { Event, Match, Memory, Answer };
  struct Record {
    Kind kind = Kind::Event;
    bool other = false;  ///< `event` was something else than an MMIO operation
    std::uint8_t changed = 0;
    tima::Event event{};
    tima::MemoryResponse answer{};
    tima::MemoryRequest memory{};
  };

  Record& next(Kind kind, tima::Cycle cycle) {
    next_->kind = kind;
    next_->event.cycle = cycle;
    return *next_;
  }
  void added() {
    if (++next_ == end_) flush();
  }

  void tell(const Record& r) {
    switch (r.kind) {
      case Kind::Event:
        changed_ = static_cast<std::uint8_t>(changed_ | r.changed);
        observer_->on_event(r.event);
        break;
      case Kind::Match:
        observer_->on_match(r.event.presenter, r.event.presenter_response, r.event.cycle);
        break;
      case Kind::Memory:
        observer_->on_memory(r.memory, r.event.cycle);
        break;
      case Kind::Answer:
        observer_->on_memory_answer(r.answer, r.event.cycle);
        break;
    }
  }

  bool user_ring_;
  tima::Observer* observer_ = nullptr;
  std::vector<Record> records_;
  Record* next_;  ///< the first one that is free
  Record* end_;
  std::uint8_t changed_ = 0;
};

}  // namespace xive::bridge
