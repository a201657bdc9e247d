// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/tlm/tima_target.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sc_models/tima/tlm/payload.h"
#include "sc_models/tima/tlm/requester_extension.h"

namespace xive::tima {
namespace {

/// How far the port may run in one go when nothing limits it. A port that hangs says so itself.
constexpr Cycle kStride = 1U << 20U;

/// Marks that the port is running.
struct Guard {
  explicit Guard(bool& f) : flag(f) { flag = true; }
  ~Guard() { flag = false; }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  bool& flag;
};

}  // namespace

TimaTarget::TimaTarget(const sc_core::sc_module_name& name, TimaPort& port, TimaChip& chip,
                       const sc_core::sc_time& period, unsigned queue_depth)
    : sc_core::sc_module(name),
      port_(port),
      chip_(chip),
      period_(period.value()),
      queue_depth_(queue_depth),
      origin_(port.now()),
      threads_(port.params().threads) {
  if (period_ == 0) throw std::invalid_argument("TimaTarget: the clock period is 0");
  if (queue_depth_ == 0) throw std::invalid_argument("TimaTarget: the queue depth is 0");
  for (Cycle i = 0; i < kShort; ++i) short_times_[i] = sc_core::sc_time::from_value(i * period_);
  port_.bind(*this);
  socket.bind(*this);
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&pump_event_);
  sc_core::sc_spawn([this] { pump(); }, "pump", &options);
}

// --- The port ------------------------------------------------------------------------------------

void TimaTarget::refuse_in_callback() const {
  if (in_advance_) [[unlikely]] {
    throw std::logic_error("TimaTarget: access to a TIMA from inside one of its own callbacks");
  }
}

void TimaTarget::advance(Cycle horizon) {
  refuse_in_callback();
  const Guard guard(in_advance_);
  reached_ = port_.advance(horizon);
}

void TimaTarget::catch_up(Cycle cycle) {
  while (reached_ < cycle) advance(cycle);
}

/// Nothing can move before a memory answer comes. A MATCH passes beside the waiting operation.
bool TimaTarget::stuck() const {
  return unanswered_ != 0 &&
         (presenter_pending_.empty() || presenter_pending_.front().cmd != PresenterCmd::Match);
}

void TimaTarget::on_mmio_response(const MmioResponse& response, Cycle cycle) {
  const MmioPending pending = mmio_pending_.front();
  mmio_pending_.pop();
  if (pending.call == nullptr) {
    mmio_done_.push({pending.trans, response, cycle});
    return;
  }
  pending.call->response = response;
  pending.call->cycle = cycle;
  pending.call->done = true;
  if (pending.call->waiting) call_done_.notify();
}

void TimaTarget::on_presenter_response(const PresenterResponse& response, Cycle cycle) {
  PresenterPending& pending = presenter_pending_.front();
  if (pending.call == nullptr) {
    presenter_done_.push({std::move(pending.done), response, cycle});
  } else {
    pending.call->response = response;
    pending.call->cycle = cycle;
    pending.call->done = true;
    if (pending.call->waiting) call_done_.notify();
  }
  presenter_pending_.pop();
}

void TimaTarget::on_memory_request(const MemoryRequest& request, Cycle cycle) {
  const bool posted = is_posted(request.op);
  if (!posted) ++unanswered_;
  const std::optional<MemoryResponse> answer = chip_.on_memory_request(request, time_of(cycle));
  if (posted || !answer) return;
  --unanswered_;
  port_.respond(*answer);
}

void TimaTarget::on_lines(unsigned thread, const Lines& lines, Cycle cycle) {
  chip_.on_lines(thread, lines, time_of(cycle));
}

void TimaTarget::on_error(unsigned thread, ErrorCode code, Cycle cycle) {
  chip_.on_error(thread, code, time_of(cycle));
}

void TimaTarget::answer_memory(const MemoryResponse& response) {
  if (unanswered_ == 0) {
    throw std::logic_error("TimaTarget: answer_memory() without an unanswered memory request");
  }
  if (!in_advance_) catch_up(cycle_at(now_ticks()));
  --unanswered_;
  port_.respond(response);
  wake_at(ticks_of(cycle_at(now_ticks()) + 1));
}

void TimaTarget::set_thread_enable(std::uint8_t mask) {
  catch_up(cycle_at(now_ticks()));
  port_.set_thread_enable(mask);
  wake_at(ticks_of(cycle_at(now_ticks()) + 1));
}

void TimaTarget::reset() {
  if (!mmio_pending_.empty() || !presenter_pending_.empty() || held_ != nullptr ||
      !mmio_done_.empty() || !presenter_done_.empty() || responding_ != nullptr) {
    throw std::logic_error("TimaTarget: reset() while an access is in progress");
  }
  catch_up(cycle_at(now_ticks()));
  unanswered_ = 0;
  port_.reset();
  wake_at(ticks_of(cycle_at(now_ticks()) + 1));
}

// --- Loosely timed -------------------------------------------------------------------------------

/// Begin of an access: the mark moves to the first cycle not before this time, and the port gets at
/// least so far. (It is later than that if another initiator ran ahead.)
inline void TimaTarget::begin_call(const sc_core::sc_time& time) {
  refuse_in_callback();
  if (time != mark_time_) {
    mark_ = cycle_at(time.value());
    mark_time_ = cycles(mark_ - origin_);
  }
  if (reached_ < mark_) catch_up(mark_);
}

/// End of an access that took so many cycles.
inline void TimaTarget::end_call(Cycle spent, const sc_core::sc_time& now,
                                 sc_core::sc_time& delay) {
  mark_ += spent;
  mark_time_ += cycles(spent);
  delay = mark_time_ - now;
  schedule_rest();
}

/// Work of others that the port was taken past, or that is still in it.
inline void TimaTarget::schedule_rest() {
  if (!mmio_done_.empty() || !presenter_done_.empty() || !mmio_pending_.empty() ||
      !presenter_pending_.empty()) [[unlikely]] {
    schedule();
  }
}

/// Runs the port until an operation that was submitted in this cycle has its answer.
template <typename Response>
Response TimaTarget::finish_call(Call<Response>& call, Cycle submitted, sc_core::sc_time& delay) {
  while (!call.done) {
    if (!stuck()) {
      advance(reached_ + kStride);
      continue;
    }
    call.waiting = true;
    sc_core::wait(call_done_);
  }
  if (call.waiting) {
    const Ticks now = now_ticks();
    delay = sc_core::sc_time::from_value(std::max(ticks_of(call.cycle), now) - now);
    schedule_rest();
  } else {
    end_call(call.cycle - submitted, sc_core::sc_time_stamp(), delay);
  }
  return call.response;
}

void TimaTarget::b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  trans.set_dmi_allowed(false);
  const std::optional<MmioRequest> request = to_request(trans, threads_);
  if (!request) return;
  const sc_core::sc_time& now = sc_core::sc_time_stamp();
  begin_call(now + delay);
  const Cycle submitted = reached_;
  MmioResponse response;
  bool answered = false;
  {
    const Guard guard(in_advance_);
    answered = port_.access(*request, response);
  }
  reached_ = port_.now();
  if (answered) [[likely]] {
    end_call(reached_ - submitted, now, delay);
  } else {
    Call<MmioResponse> call;
    mmio_pending_.push({&call, nullptr});
    response = finish_call(call, submitted, delay);
  }
  set_response(trans, response);
}

PresenterResponse TimaTarget::presenter(const PresenterRequest& request, sc_core::sc_time& delay) {
  begin_call(sc_core::sc_time_stamp() + delay);
  const Cycle submitted = reached_;
  port_.submit(request);
  Call<PresenterResponse> call;
  presenter_pending_.push({request.cmd, &call, {}});
  return finish_call(call, submitted, delay);
}

unsigned TimaTarget::transport_dbg(tlm::tlm_generic_payload& trans) {
  const RequesterExtension* const requester = trans.get_extension<RequesterExtension>();
  if (!trans.is_read() || requester == nullptr || requester->thread >= threads_ ||
      trans.get_address() >= kWindowBytes || (trans.get_address() & 0x800U) != 0) {
    return 0;
  }
  const ThreadState state = port_.state(requester->thread);
  const auto first = static_cast<unsigned>(trans.get_address() & 0x3fU);
  const unsigned count = std::min(trans.get_data_length(), kThreadBytes - first);
  std::copy_n(state.r.begin() + first, count, trans.get_data_ptr());
  return count;
}

bool TimaTarget::get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi) {
  dmi.init();
  return false;
}

// --- Approximately timed -------------------------------------------------------------------------

tlm::tlm_sync_enum TimaTarget::nb_transport_fw(tlm::tlm_generic_payload& trans,
                                               tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  if (phase == tlm::END_RESP && responding_ == &trans) {
    responding_ = nullptr;
    response_free_ = now_ticks() + delay.value();
    trans.release();
    schedule();
    return tlm::TLM_COMPLETED;
  }
  if (phase != tlm::BEGIN_REQ || held_ != nullptr) {
    SC_REPORT_ERROR("/xive/tima/tlm", "nb_transport_fw: phase out of order");
    return tlm::TLM_ACCEPTED;
  }
  trans.set_dmi_allowed(false);
  const std::optional<MmioRequest> request = to_request(trans, threads_);
  if (!request) return tlm::TLM_COMPLETED;
  trans.acquire();
  if (delay == sc_core::SC_ZERO_TIME && accepted_ < queue_depth_) {
    accept(trans, *request);
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }
  held_ = &trans;
  held_request_ = *request;
  held_since_ = now_ticks() + delay.value();
  wake_at(held_since_);
  return tlm::TLM_ACCEPTED;
}

void TimaTarget::presenter_async(const PresenterRequest& request, PresenterCallback done) {
  const Cycle now = cycle_at(now_ticks());
  catch_up(now);
  port_.submit(request);
  presenter_pending_.push({request.cmd, nullptr, std::move(done)});
  wake_at(ticks_of(now + 1));
}

/// Submits the request in the cycle of this time. The port stays there until this time is over,
/// because others may still submit.
void TimaTarget::accept(tlm::tlm_generic_payload& trans, const MmioRequest& request) {
  const Cycle now = cycle_at(now_ticks());
  catch_up(now);
  ++accepted_;
  mmio_pending_.push({nullptr, &trans});
  port_.submit(request);
  wake_at(ticks_of(now + 1));
}

void TimaTarget::pump() {
  catch_up(cycle_at(now_ticks()));
  deliver();
  run_ahead();
  schedule();
}

/// Everything whose time has come.
void TimaTarget::deliver() {
  const Ticks now = now_ticks();
  while (!presenter_done_.empty() && ticks_of(presenter_done_.front().cycle) <= now) {
    const PresenterDone done = std::move(presenter_done_.front());
    presenter_done_.pop();
    done.done(done.response);
  }
  while (!mmio_done_.empty() && responding_ == nullptr && response_free_ <= now &&
         ticks_of(mmio_done_.front().cycle) <= now) {
    send_response();
  }
  if (held_ != nullptr && held_since_ <= now && accepted_ < queue_depth_) {
    tlm::tlm_generic_payload& trans = *std::exchange(held_, nullptr);
    accept(trans, held_request_);
    tlm::tlm_phase phase = tlm::END_REQ;
    sc_core::sc_time delay;
    socket->nb_transport_bw(trans, phase, delay);
  }
}

void TimaTarget::send_response() {
  const MmioDone done = mmio_done_.front();
  mmio_done_.pop();
  --accepted_;
  responding_ = done.trans;
  set_response(*done.trans, done.response);
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay;
  const tlm::tlm_sync_enum sync = socket->nb_transport_bw(*done.trans, phase, delay);
  const bool ended =
      sync == tlm::TLM_COMPLETED || (sync == tlm::TLM_UPDATED && phase == tlm::END_RESP);
  // END_RESP may also have come through nb_transport_fw while the call was on its way.
  if (!ended || responding_ != done.trans) return;
  responding_ = nullptr;
  response_free_ = now_ticks() + delay.value();
  done.trans->release();
}

/// The last cycle that the port may reach now: the first one in which something else happens.
Cycle TimaTarget::horizon() const {
  Cycle limit = reached_ + kStride;
  if (sc_core::sc_pending_activity()) {
    const Ticks pending = sc_core::sc_time_to_pending_activity().value();
    limit = std::min(limit, cycle_at(now_ticks() + pending));
  }
  if (!mmio_done_.empty() && responding_ == nullptr) {
    limit = std::min(limit, std::max(mmio_done_.front().cycle, cycle_at(response_free_)));
  }
  if (!presenter_done_.empty()) limit = std::min(limit, presenter_done_.front().cycle);
  // A held request that waits for room can change nothing before a response goes out.
  if (held_ != nullptr && accepted_ < queue_depth_) {
    limit = std::min(limit, cycle_at(std::max(held_since_, now_ticks())));
  }
  return limit;
}

void TimaTarget::run_ahead() {
  while (!port_.idle() && !stuck()) {
    const Cycle limit = horizon();
    if (reached_ >= limit) return;
    advance(limit);
  }
}

/// Wakes the pump when the next thing is due.
void TimaTarget::schedule() {
  const Ticks now = now_ticks();
  if (!mmio_done_.empty() && responding_ == nullptr) {
    wake_at(std::max(ticks_of(mmio_done_.front().cycle), response_free_));
  }
  if (!presenter_done_.empty()) wake_at(ticks_of(presenter_done_.front().cycle));
  if (held_ != nullptr && held_since_ > now) wake_at(held_since_);
  if (!port_.idle() && !stuck()) {
    wake_at(ticks_of(std::max(reached_, cycle_at(now) + 1)));
  }
}

void TimaTarget::wake_at(Ticks ticks) {
  const Ticks now = now_ticks();
  pump_event_.notify(sc_core::sc_time::from_value(ticks > now ? ticks - now : 0));
}

}  // namespace xive::tima
