// SPDX-License-Identifier: Apache-2.0
/// What a TIMA tells an observer: the committed events, in commit order. The RTL announces them
/// through XTI (rtl/xti.json), the reference model produces them directly; rules and lock-step see
/// no difference.
#pragma once

#include "sc_models/tima/types.h"

namespace xive::tima {

enum class EventKind : std::uint8_t {
  Mmio = 0,     ///< one MMIO operation with all its effects
  Present = 1,  ///< PRESENT, acked or not
  Bcast = 2,    ///< BCAST; one event per changed thread, at least one
  Enable = 3,   ///< cfg_thread_en of one thread taken over; a fall is the thread reset of spec 1.7
  Reset = 4,    ///< block reset: every thread; `thread`, `before` and `after` mean nothing
};

/// One committed event. Which request fields are meaningful follows from `kind`.
struct Event {
  EventKind kind = EventKind::Mmio;
  std::uint8_t thread = 0;
  bool last = true;  ///< last event of its operation
  Cycle cycle = 0;   ///< first cycle in which the new state and lines are visible
  MmioRequest mmio{};
  MmioResponse mmio_response{};
  PresenterRequest presenter{};
  PresenterResponse presenter_response{};
  ErrorCode code = ErrorCode::None;  ///< what err_pulse showed, or the code of the response
  ThreadState before{};
  ThreadState after{};
  Lines lines_before{};
  Lines lines_after{};
};

/// Receives everything a TIMA does, in one total order. A MATCH or a memory request reported
/// between two events saw the state between them; a MATCH reported after a memory request of an
/// operation that has not yet committed saw that operation's state at the request (rule A4).
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_event(const Event& event) = 0;
  virtual void on_match(const PresenterRequest&, const PresenterResponse&, Cycle) {}
  virtual void on_memory(const MemoryRequest&, Cycle) {}
  virtual void on_memory_answer(const MemoryResponse&, Cycle) {}
};

}  // namespace xive::tima
