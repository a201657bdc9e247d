// SPDX-License-Identifier: Apache-2.0
/// The one face of "a TIMA of one core" (spec/tima.md section 6). Three implementations: the
/// reference model (reference_port.h), the Verilated RTL and lock-step (both in bridge/).
///
/// Time is counted in TIMA clock cycles and moves only inside advance(). Nothing here blocks: work
/// is submitted, advance() runs it, the client hears of the results. A port is single-threaded.
#pragma once

#include "sc_models/tima/event.h"
#include "sc_models/tima/types.h"

namespace xive::tima {

/// Implemented by whoever owns a TimaPort. All calls come from inside advance(). A client may
/// submit() and respond() from inside a callback, but must not call advance() or reset() there.
class TimaClient {
 public:
  virtual ~TimaClient() = default;
  /// Responses come in the order of the submissions of that port.
  virtual void on_mmio_response(const MmioResponse& response, Cycle cycle) = 0;
  virtual void on_presenter_response(const PresenterResponse& response, Cycle cycle) = 0;
  /// A request of the TIMA towards router and memory. Unless is_posted(request.op) it must be
  /// answered by exactly one TimaPort::respond(), at once or later, in order.
  virtual void on_memory_request(const MemoryRequest& request, Cycle cycle) = 0;
  /// The lines of a thread changed; called before the response of the operation that changed them.
  virtual void on_lines(unsigned thread, const Lines& lines, Cycle cycle) = 0;
  /// err_pulse: a code that is not a bus error (spec 6.5).
  virtual void on_error(unsigned /*thread*/, ErrorCode /*code*/, Cycle /*cycle*/) {}
};

class TimaPort {
 public:
  virtual ~TimaPort() = default;

  virtual const Params& params() const = 0;

  /// Who is told; must be set once before the first advance(). Not owned.
  virtual void bind(TimaClient& client) = 0;
  /// Optional observer of committed events; null removes it. Not owned.
  virtual void observe(Observer* observer) = 0;

  /// Block reset (rst_n for one cycle). Work submitted or in progress is lost without an answer,
  /// also memory requests in flight: their answers must not be given any more. All thread enables
  /// are kept as last set and taken over again.
  virtual void reset() = 0;

  /// Static inputs; allowed only while idle(), else std::logic_error.
  virtual void configure(const StaticInputs& inputs) = 0;

  /// Bit t = thread t enabled. Changes are taken over in order, between operations, and before any
  /// operation submitted later. All bits are 0 after construction.
  virtual void set_thread_enable(std::uint8_t mask) = 0;

  /// Queue an operation; operations of one port execute in order, MMIO and presenter side by side.
  /// Values wider than the port (thread >= params().threads, blk > 4 bits ...): std::out_of_range.
  virtual void submit(const MmioRequest& request) = 0;
  virtual void submit(const PresenterRequest& request) = 0;

  /// submit() and then advance() until the answer, in one call, for a client that waits for it.
  /// True: `response` is the answer and now() the cycle in which it came; on_mmio_response() is not
  /// called for it. False: the operation is submitted and no more is promised; go on with advance()
  /// and the answer comes through on_mmio_response(). All other callbacks come as from advance().
  /// Throws what submit() and advance() throw.
  virtual bool access(const MmioRequest& request, MmioResponse& /*response*/) {
    submit(request);
    return false;
  }

  /// The same for a presenter operation and on_presenter_response().
  virtual bool access(const PresenterRequest& request, PresenterResponse& /*response*/) {
    submit(request);
    return false;
  }

  /// Answer the oldest unanswered memory request; std::logic_error when there is none.
  virtual void respond(const MemoryResponse& response) = 0;

  virtual Cycle now() const = 0;

  /// Runs until `horizon` or to the end of the first cycle in which the client was called,
  /// whichever comes first; returns now(). Idle time is jumped over. A hang throws TimaHang.
  virtual Cycle advance(Cycle horizon) = 0;

  /// Nothing queued, nothing in progress, nothing waiting for respond(): only the clock can move.
  virtual bool idle() const = 0;

  /// Register image and latches as of now(), without side effects.
  virtual ThreadState state(unsigned thread) const = 0;
  virtual Lines lines(unsigned thread) const = 0;
};

}  // namespace xive::tima
