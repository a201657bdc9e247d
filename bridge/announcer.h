// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "bridge/pin_codec.h"
#include "bridge/pin_monitor.h"
#include "sc_models/tima/event.h"

namespace xive::bridge {

/// Tells the observer what the RTL announced, at once or in batches, always in order. Reference and
/// rules are large: called after each operation, they and the RTL throw each other out of the
/// instruction cache; called for a batch they cost half. XTI records are kept packed until then.
class Announcer {
 public:
  /// `batch`: announcements that are kept before the observer hears of them; 1 = at once.
  Announcer(const tima::Knobs& knobs, std::size_t batch)
      : user_ring_(knobs.user_ring), records_(batch) {}

  void observe(tima::Observer* observer) {
    flush();
    observer_ = observer;
  }
  bool wanted() const { return observer_ != nullptr; }

  /// `lines`: the pins in the cycle of the record. `changed`: see changed_threads().
  void event(const std::uint32_t* xti, tima::Cycle cycle, LineWord lines, std::uint32_t logic_serv,
             std::uint8_t changed) {
    Record& r = next(Kind::Event, cycle);
    std::memcpy(r.xti.data(), xti, sizeof r.xti);
    r.lines = lines;
    r.request.logic_serv = logic_serv;
    r.changed = changed;
    added();
  }
  void match(const tima::PresenterRequest& request, const tima::PresenterResponse& response,
             tima::Cycle cycle) {
    Record& r = next(Kind::Match, cycle);
    r.request = request;
    r.response = response;
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
    next(Kind::Reset, cycle);
    ++used_;
    flush();
  }

  /// Threads that changed up to the event that is being told, since the last call.
  std::uint8_t changed_threads() {
    const std::uint8_t changed = changed_;
    changed_ = 0;
    return changed;
  }

  void flush() {
    const std::size_t count = used_;
    used_ = 0;
    if (observer_ == nullptr) return;
    for (std::size_t i = 0; i < count; ++i) tell(records_[i]);
  }

 private:
  enum class Kind : std::uint8_t { Event, Match, Memory, Answer, Reset };
  struct Record {
    std::array<std::uint32_t, kXtiWords> xti{};
    Kind kind = Kind::Event;
    std::uint8_t changed = 0;
    LineWord lines = 0;
    tima::Cycle cycle = 0;
    tima::PresenterRequest request{};
    tima::PresenterResponse response{};
    tima::MemoryResponse answer{};
    tima::MemoryRequest memory{};
  };

  Record& next(Kind kind, tima::Cycle cycle) {
    Record& r = records_[used_];
    r.kind = kind;
    r.cycle = cycle;
    return r;
  }
  void added() {
    if (++used_ == records_.size()) flush();
  }

  void tell(const Record& r) {
    switch (r.kind) {
      case Kind::Event:
        tell_event(r);
        break;
      case Kind::Match:
        observer_->on_match(r.request, r.response, r.cycle);
        break;
      case Kind::Memory:
        observer_->on_memory(r.memory, r.cycle);
        break;
      case Kind::Answer:
        observer_->on_memory_answer(r.answer, r.cycle);
        break;
      case Kind::Reset: {
        tima::Event event;
        event.kind = tima::EventKind::Reset;
        event.cycle = r.cycle;
        observer_->on_event(event);
        break;
      }
    }
  }

  void tell_event(const Record& r) {
    const bool mmio = xti_kind(r.xti.data()) == XtiKind::Mmio;
    tima::Event& event = mmio ? mmio_event_ : other_event_;
    decode_event(r.xti.data(), event);
    event.cycle = r.cycle;
    if (!mmio) event.presenter.logic_serv = r.request.logic_serv;
    event.lines_before = lines_of_state(event.before);
    event.lines_after = lines_of(r.lines, event.thread);
    changed_ = static_cast<std::uint8_t>(changed_ | r.changed);
    observer_->on_event(event);
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

  bool user_ring_;
  tima::Observer* observer_ = nullptr;
  std::vector<Record> records_;
  std::size_t used_ = 0;
  std::uint8_t changed_ = 0;
  tima::Event mmio_event_{};
  tima::Event other_event_{};
};

}  // namespace xive::bridge
