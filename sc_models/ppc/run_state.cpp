// SPDX-License-Identifier: Apache-2.0
// The run state of a hardware thread: quiesced, halted, paused, and who may change them
// (scenarios.md 5.6, 4.3, S3).
#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {

void HardwareThread::set_quiesced(bool on) {
  // Order of 5.6: flag, recompute, and only then does anybody pause or resume on it.
  quiesced_ = on;
  stop_window_ = on && config_.faults.flag_after_pause;
  notify_run_state();
  if (config_.faults.no_recompute) {
    for (ThreadObserver* observer : observers_) observer->on_evaluate(*this);
    if (run_hook_ && can_run()) run_hook_();
    return;
  }
  recompute();
}

void HardwareThread::power_save() {
  halted_ = true;
  notify_run_state();
  recompute();
}

void HardwareThread::pause(bool on) {
  if (paused_ == on) return;
  paused_ = on;
  notify_run_state();
  recompute();
}

void HardwareThread::stop_self() {
  regs_.psscr |= psscr::kEc;
  regs_.lpcr &= ~lpcr::kWakeMask;
  quiesced_ = true;
  halted_ = true;
  notify_run_state();
  recompute();
}

bool HardwareThread::start_cpu(std::uint64_t entry, std::uint64_t r3, std::uint64_t lpcr_value,
                               std::uint64_t timebase_offset) {
  if (!quiesced_) return false;
  set_timebase_offset(timebase_offset);
  regs_.msr = msr::kSf | msr::kMe;
  regs_.nip = entry;
  regs_.gpr[3] = r3;
  regs_.psscr &= ~psscr::kEc;
  set_lpcr(lpcr_value);
  ++generation_;
  first_instruction_ = true;
  for (ThreadObserver* observer : observers_) observer->on_reset(*this, regs_);
  halted_ = false;
  set_quiesced(false);
  return true;
}

void HardwareThread::reset(const ArchState& state, bool quiesced_after, bool halted_after) {
  regs_ = state;
  checkstopped_ = false;
  stop_requested_ = false;
  in_instruction_ = false;
  ++generation_;
  first_instruction_ = true;
  for (ThreadObserver* observer : observers_) observer->on_reset(*this, state);
  halted_ = halted_after;
  quiesced_ = quiesced_after;
  notify_run_state();
  timer_edge();
}

void HardwareThread::direct_stop() {
  if (in_instruction_) {
    stop_requested_ = true;
    return;
  }
  set_quiesced(true);
}

void HardwareThread::direct_start() {
  stop_requested_ = false;
  set_quiesced(false);
}

void HardwareThread::direct_sreset() {
  latches_.set(Cause::SystemReset);
  if (config_.faults.sreset_keeps_quiesced) {
    recompute();
    return;
  }
  stop_requested_ = false;
  set_quiesced(false);
}

}  // namespace xive::ppc
