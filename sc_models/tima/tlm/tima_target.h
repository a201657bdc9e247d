// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <systemc>
#include <tlm>

#include "sc_models/tima/fifo.h"
#include "sc_models/tima/tima_port.h"
#include "sc_models/tima/tlm/tima_chip.h"

namespace xive::tima {

/// The TIMA of one core as a TLM-2.0 target, over any TimaPort. Takes over the port: it is its
/// client, and nobody else may advance it.
///
/// Cycle n of the port, counted from construction, is the time n * period. There is no clock: the
/// port moves when an access comes, and otherwise only while it has work.
///
///  - b_transport and presenter() run the port to the end of their operation in one go and add the
///    cycles it took, waits included, to the timing annotation. An initiator whose local time is
///    behind the port (another one ran ahead inside its quantum) has its access executed at once,
///    in the order of the calls, and pays only the cycles of its own operation.
///  - nb_transport and presenter_async() submit their operation at its time and run the port no
///    further than to the next time at which anything else happens in the simulation, so that the
///    interleaving is exact. Responses are sent at their time.
///  - What becomes of wrong or refused transactions is written in payload.h.
///  - transport_dbg reads the register image, without masks, operations or side effects, at
///    address & 0x3F up to the end of the image; the special half and the thread that does not
///    exist read 0 bytes. Debug stores are refused (0 bytes): the image can change only through the
///    port.
///  - DMI is never granted: every access may have a side effect.
class TimaTarget : public sc_core::sc_module,
                   public tlm::tlm_fw_transport_if<>,
                   private TimaClient {
 public:
  using PresenterCallback = std::function<void(const PresenterResponse&)>;

  tlm::tlm_target_socket<64> socket{"socket"};

  /// `port` and `chip` are not owned. `period` is the TIMA clock; 0 is a std::invalid_argument.
  /// `queue_depth` (at least 1): how many nb_transport requests are accepted before the first of
  /// them is answered; END_REQ of the next one waits.
  TimaTarget(const sc_core::sc_module_name& name, TimaPort& port, TimaChip& chip,
             const sc_core::sc_time& period, unsigned queue_depth = 2);

  // --- MMIO: IEEE 1666 transport interfaces ---
  void b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) override;
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  unsigned transport_dbg(tlm::tlm_generic_payload& trans) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) override;

  // --- Chip side ---

  /// Presenter operation, loosely timed. Waits (and so needs a thread process) only while the
  /// operation is stuck behind one whose memory answer is late.
  PresenterResponse presenter(const PresenterRequest& request, sc_core::sc_time& delay);
  /// Presenter operation, approximately timed: submitted now, `done` is called at its end.
  void presenter_async(const PresenterRequest& request, PresenterCallback done);
  /// Late answer to the oldest unanswered memory request, effective now.
  void answer_memory(const MemoryResponse& response);

  /// As TimaPort; effective now.
  void set_thread_enable(std::uint8_t mask);
  /// Block reset. Only while no access is in progress, else std::logic_error.
  void reset();

  TimaPort& port() { return port_; }

 private:
  /// A loosely timed operation in progress; lives on the stack of its caller.
  template <typename Response>
  struct Call {
    Response response{};
    Cycle cycle = 0;
    bool done = false;
    bool waiting = false;
  };
  struct MmioPending {
    Call<MmioResponse>* call = nullptr;         // loosely timed, or
    tlm::tlm_generic_payload* trans = nullptr;  // approximately timed
  };
  struct PresenterPending {
    PresenterCmd cmd = PresenterCmd::Match;
    Call<PresenterResponse>* call = nullptr;
    PresenterCallback done{};
  };
  struct MmioDone {
    tlm::tlm_generic_payload* trans = nullptr;
    MmioResponse response{};
    Cycle cycle = 0;
  };
  struct PresenterDone {
    PresenterCallback done{};
    PresenterResponse response{};
    Cycle cycle = 0;
  };

  // TimaClient
  void on_mmio_response(const MmioResponse& response, Cycle cycle) override;
  void on_presenter_response(const PresenterResponse& response, Cycle cycle) override;
  void on_memory_request(const MemoryRequest& request, Cycle cycle) override;
  void on_lines(unsigned thread, const Lines& lines, Cycle cycle) override;
  void on_error(unsigned thread, ErrorCode code, Cycle cycle) override;

  // Time: kernel ticks are sc_time::value()
  using Ticks = sc_dt::uint64;
  static Ticks now_ticks() { return sc_core::sc_time_stamp().value(); }
  /// First cycle not before this time.
  Cycle cycle_at(Ticks ticks) const { return origin_ + (ticks + period_ - 1) / period_; }
  Ticks ticks_of(Cycle cycle) const { return (cycle - origin_) * period_; }
  /// So many cycles. The kernel makes an sc_time from a number of ticks at ten times the cost of
  /// copying or adding one.
  sc_core::sc_time cycles(Cycle count) const {
    if (count < kShort) [[likely]]
      return short_times_[count];
    return sc_core::sc_time::from_value(count * period_);
  }
  sc_core::sc_time time_of(Cycle cycle) const {
    if (cycle - mark_ < kShort) [[likely]]
      return mark_time_ + short_times_[cycle - mark_];
    return cycles(cycle - origin_);
  }

  void refuse_in_callback() const;
  void advance(Cycle horizon);
  void catch_up(Cycle cycle);
  bool stuck() const;
  void begin_call(const sc_core::sc_time& time);
  void end_call(Cycle spent, const sc_core::sc_time& now, sc_core::sc_time& delay);
  void schedule_rest();
  template <typename Response>
  Response finish_call(Call<Response>& call, Cycle submitted, sc_core::sc_time& delay);

  // Approximately timed
  void accept(tlm::tlm_generic_payload& trans, const MmioRequest& request);
  void pump();
  void deliver();
  void send_response();
  void run_ahead();
  Cycle horizon() const;
  void schedule();
  void wake_at(Ticks ticks);

  TimaPort& port_;
  TimaChip& chip_;
  const Ticks period_;
  const unsigned queue_depth_;
  const Cycle origin_;
  const unsigned threads_;
  Cycle reached_ = origin_;  ///< now() of the port, which nobody else may advance
  /// A cycle and its time: the begin of the loosely timed access in progress, else the end of the
  /// last one, where its initiator mostly goes on.
  Cycle mark_ = origin_;
  sc_core::sc_time mark_time_;
  static constexpr Cycle kShort = 32;
  std::array<sc_core::sc_time, kShort> short_times_;  ///< index = cycles
  bool in_advance_ = false;
  unsigned unanswered_ = 0;  ///< memory requests that wait for answer_memory()

  Fifo<MmioPending> mmio_pending_;
  Fifo<PresenterPending> presenter_pending_;
  sc_core::sc_event call_done_;  ///< a Call that waited is done

  sc_core::sc_event pump_event_;
  tlm::tlm_generic_payload* held_ = nullptr;  ///< BEGIN_REQ without END_REQ
  MmioRequest held_request_{};
  Ticks held_since_ = 0;   ///< when the held request is there
  unsigned accepted_ = 0;  ///< END_REQ sent, BEGIN_RESP not yet
  Fifo<MmioDone> mmio_done_;
  Fifo<PresenterDone> presenter_done_;
  tlm::tlm_generic_payload* responding_ = nullptr;  ///< BEGIN_RESP without END_RESP
  Ticks response_free_ = 0;  ///< when END_RESP of the last response took effect
};

}  // namespace xive::tima
