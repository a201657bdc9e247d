// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/hardware_thread.h"

#include <algorithm>
#include <stdexcept>

#include "sc_models/ppc/core.h"

namespace xive::ppc {

HardwareThread::HardwareThread(const ThreadConfig& config, const platform::Clock& clock, Core* core)
    : config_(config), clock_(&clock), core_(core), timebase_(config.timebase_hz) {
  recompute();
}

// ---------------------------------------------------------------- inputs

void HardwareThread::change_level(Cause cause, bool level) {
  levels_.set(cause, level);
  recompute();
}

void HardwareThread::raise_reset_class(Cause cause) {
  latches_.set(cause);
  if (run_.quiesced && config_.reset_passes_quiesced) {
    run_.quiesced = false;
    run_.halted = false;
    notify_run_state();
  }
  recompute();
}

void HardwareThread::set_doorbell(Cause kind, bool pending) {
  if (kind != Cause::PrivilegedDoorbell && kind != Cause::HypervisorDoorbell) {
    throw std::invalid_argument("set_doorbell: not a doorbell");
  }
  if (latches_.has(kind) == pending) return;
  latches_.set(kind, pending);
  recompute();
}

void HardwareThread::set_hmer(std::uint64_t or_bits) {
  regs_.hmer |= or_bits;
  recompute();
}

CauseSet HardwareThread::pending() const {
  CauseSet set = latches_ | levels_;
  if (dec_negative_) set.set(Cause::Decrementer);
  // HMEER lies apart from what interrupts need.
  if (regs_.hmer != 0 && (regs_.hmer & regs_.hmeer) != 0) set.set(Cause::Hmi);
  if ((regs_.lpcr & lpcr::kMer) != 0) set.set(Cause::MediatedExternal);
  return set;
}

bool HardwareThread::expected_request() const {
  if (run_.quiesced || run_.checkstopped) return false;
  const CauseSet set = pending();
  if (!run_.halted) return !enabled_of(set, regs_.msr, regs_.lpcr, config_.knobs).empty();
  return std::any_of(kCauses.begin(), kCauses.end(), [&](const CauseInfo& entry) {
    return set.has(entry.cause) &&
           wakes(entry.cause, regs_.msr, regs_.lpcr, regs_.psscr, config_.knobs);
  });
}

void HardwareThread::recompute() {
  const bool before = run_.request;
  run_.request = expected_request();
  if (run_.quiesced && !run_.checkstopped &&
      (config_.faults.request_ignores_quiesced || config_.faults.run_ignores_quiesced ||
       stop_window_)) {
    // The faulty machine forgets the flag; compute as if it were clear.
    run_.quiesced = false;
    run_.request = expected_request();
    run_.quiesced = true;
  }
  if (run_.request && !before) {
    for (ThreadObserver* observer : observers_) observer->on_kick(*this);
  }
  for (ThreadObserver* observer : observers_) observer->on_evaluate(*this);
  if (run_hook_ && can_run()) run_hook_();
}

// ---------------------------------------------------------------- time

void HardwareThread::timer_edge() {
  const platform::Time at = now();
  const std::uint64_t tb = timebase_.at(at);
  dec_negative_ = dec_.negative(tb, large_decrementer());
  const bool hdec = hdec_.negative(tb, true);
  if (hdec && !hdec_negative_) latches_.set(Cause::HypervisorDecrementer);
  hdec_negative_ = hdec;
  next_timer_edge_ = std::min(timebase_.after(at, dec_.ticks_to_change(tb, large_decrementer())),
                              timebase_.after(at, hdec_.ticks_to_change(tb, true)));
  recompute();
}

void HardwareThread::set_timebase_offset(std::uint64_t offset) {
  // The decrementers count ticks, not the value of TB: shifting TB must not move them.
  const std::uint64_t before = timebase_.at(now());
  const std::uint64_t dec = dec_.read(before, true), hdec = hdec_.read(before, true);
  timebase_.set_offset(offset);
  const std::uint64_t after = timebase_.at(now());
  dec_.write(after, dec, true);
  hdec_.write(after, hdec, true);
  timer_edge();
}

// ---------------------------------------------------------------- state

void HardwareThread::set_msr(std::uint64_t value) {
  regs_.msr = value;
  recompute();
}

void HardwareThread::set_lpcr(std::uint64_t value) {
  const bool width_changed = ((regs_.lpcr ^ value) & lpcr::kLd) != 0;
  regs_.lpcr = value;
  if (width_changed) {
    timer_edge();
  } else {
    recompute();
  }
}

void HardwareThread::notify_run_state() {
  for (ThreadObserver* observer : observers_) observer->on_run_state(*this);
}

// ---------------------------------------------------------------- doorbells

Trap HardwareThread::msgsnd(std::uint64_t rb, std::optional<DoorbellMessage>& message) const {
  message.reset();
  if (!hypervisor()) return Trap::Privileged;
  message = decode_msgsnd(rb, config_.msgsnd_form);
  return Trap::None;
}

Trap HardwareThread::msgclr(std::uint64_t rb) {
  if (!hypervisor()) return Trap::Privileged;
  if (clears_doorbell(rb)) set_doorbell(Cause::HypervisorDoorbell, false);
  return Trap::None;
}

namespace {

/// msgsndp and msgclrp: never in problem state; outside the hypervisor only if HFSCR allows it.
Trap privileged_message(const ArchState& regs) {
  if ((regs.msr & msr::kPr) != 0) return Trap::Privileged;
  if ((regs.msr & msr::kHv) == 0 && (regs.hfscr & hfscr::kMsgp) == 0) {
    return Trap::FacilityUnavailable;
  }
  return Trap::None;
}

}  // namespace

Trap HardwareThread::msgsndp(std::uint64_t rb) {
  if (const Trap trap = privileged_message(regs_); trap != Trap::None) return trap;
  if (const auto message = decode_msgsndp(rb)) {
    if (core_ != nullptr) {
      core_->privileged_doorbell(*message);
    } else if (message->tag == config_.thread) {
      set_doorbell(Cause::PrivilegedDoorbell, true);
    }
  }
  return Trap::None;
}

Trap HardwareThread::msgclrp(std::uint64_t rb) {
  if (const Trap trap = privileged_message(regs_); trap != Trap::None) return trap;
  if (clears_doorbell(rb)) set_doorbell(Cause::PrivilegedDoorbell, false);
  return Trap::None;
}

// ---------------------------------------------------------------- execution

bool HardwareThread::can_run() const {
  if (run_.paused || run_.checkstopped) return false;
  if (run_.quiesced && !config_.faults.run_ignores_quiesced && !(stop_window_ && run_.request)) {
    return false;
  }
  return !run_.halted || run_.request;
}

std::optional<Cause> HardwareThread::most_urgent(CauseSet set) const {
  if (config_.faults.sreset_last && set.has(Cause::SystemReset)) {
    CauseSet others = set;
    others.set(Cause::SystemReset, false);
    if (const auto other = config_.priority.first(others)) return other;
  }
  return config_.priority.first(set);
}

void HardwareThread::apply(const InterruptState& state) {
  (state.hsrr ? regs_.hsrr0 : regs_.srr0) = state.srr0;
  (state.hsrr ? regs_.hsrr1 : regs_.srr1) = state.srr1;
  regs_.nip = state.vector;
  // HID0[HILE]: the hypervisor's handlers are little-endian.
  const bool little = (state.msr & msr::kHv) != 0 && (stored_spr(spr::kHid0) & hid0::kHile) != 0;
  set_msr(little ? state.msr | msr::kLe : state.msr);
}

TakenInterrupt HardwareThread::deliver(Cause cause, bool wake, std::uint64_t srr1_info) {
  TakenInterrupt taken;
  taken.cause = cause;
  taken.wake = wake;
  taken.time = now();
  // A wake enters at the system reset vector whatever the cause; the cause itself stays pending,
  // except for system reset and machine check, which the wake reports and so consumes.
  taken.state =
      interrupt(wake ? Cause::SystemReset : cause, regs_.nip, regs_.msr, regs_.lpcr, srr1_info);
  const bool consumed = wake ? cause == Cause::SystemReset || cause == Cause::MachineCheck
                             : info(cause).cleared_by == ClearedBy::Delivery;
  if (consumed) latches_.set(cause, false);
  for (ThreadObserver* observer : observers_) observer->on_interrupt(*this, taken);
  stop_window_ = false;
  apply(taken.state);
  return taken;
}

std::optional<TakenInterrupt> HardwareThread::take_exception() {
  update_time();
  if (!can_run()) return std::nullopt;
  std::uint64_t reset_info = 0;
  if (run_.halted) {
    CauseSet waking;
    const CauseSet set = pending();
    for (const CauseInfo& entry : kCauses) {
      if (set.has(entry.cause) &&
          wakes(entry.cause, regs_.msr, regs_.lpcr, regs_.psscr, config_.knobs)) {
        waking.set(entry.cause);
      }
    }
    const auto cause = most_urgent(waking);
    if (!cause) return std::nullopt;
    const auto loss = static_cast<std::uint64_t>(state_loss(regs_.psscr)) << 16U;
    run_.halted = false;
    notify_run_state();
    if ((regs_.psscr & psscr::kEc) != 0) return deliver(*cause, true, wake_reason(*cause) | loss);
    recompute();
    // A system reset that ends a stop says so even with EC=0.
    reset_info = wake_reason(Cause::SystemReset) | loss;
  }
  const auto cause = most_urgent(enabled_of(pending(), regs_.msr, regs_.lpcr, config_.knobs));
  if (!cause) return std::nullopt;
  if (*cause == Cause::MachineCheck && (regs_.msr & msr::kMe) == 0) {
    run_.checkstopped = true;
    recompute();
    for (ThreadObserver* observer : observers_) observer->on_checkstop(*this);
    return std::nullopt;
  }
  return deliver(*cause, false, *cause == Cause::SystemReset ? reset_info : 0);
}

InterruptState HardwareThread::take_trap(Trap trap) {
  InterruptState state;
  if (trap == Trap::FacilityUnavailable) {
    regs_.hfscr = (regs_.hfscr & ~(std::uint64_t{0xff} << hfscr::kCauseShift)) |
                  hfscr::kCauseMsgp << hfscr::kCauseShift;
    state = facility_unavailable(regs_.nip, regs_.msr);
  } else {
    state = program_interrupt(regs_.nip, regs_.msr, regs_.lpcr, srr1::kPrivileged);
  }
  apply(state);
  return state;
}

InterruptState HardwareThread::take_synchronous(std::uint64_t vector, bool hsrr, std::uint64_t nip,
                                                std::uint64_t srr1_info, bool set_hv) {
  const Delivery delivery = hsrr     ? Delivery::HsrrSetHv
                            : set_hv ? Delivery::SrrSetHv
                                     : Delivery::SrrKeepHv;
  const InterruptState state =
      synchronous_interrupt(vector, delivery, nip, regs_.msr, regs_.lpcr, srr1_info);
  apply(state);
  return state;
}

void HardwareThread::set_save_registers(bool hsrr, std::uint64_t srr0, std::uint64_t srr1) {
  (hsrr ? regs_.hsrr0 : regs_.srr0) = srr0;
  (hsrr ? regs_.hsrr1 : regs_.srr1) = srr1;
}

void HardwareThread::restore_save_registers(const SaveRegisters& saved) {
  set_save_registers(false, saved.srr0, saved.srr1);
  set_save_registers(true, saved.hsrr0, saved.hsrr1);
}

void HardwareThread::return_from_interrupt(bool hsrr) {
  regs_.nip = hsrr ? regs_.hsrr0 : regs_.srr0;
  const std::uint64_t saved = hsrr ? regs_.hsrr1 : regs_.srr1;
  for (ThreadObserver* observer : observers_) observer->on_interrupt_return(*this);
  set_msr(msr_after_return(regs_.msr, saved, hsrr));
}

void HardwareThread::tell_first_instruction() {
  first_instruction_ = false;
  for (ThreadObserver* observer : observers_) observer->on_first_instruction(*this);
}

void HardwareThread::stop_now() {
  run_.stop_requested = false;
  set_quiesced(true);
}

}  // namespace xive::ppc
