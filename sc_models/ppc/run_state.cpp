// SPDX-License-Identifier: Apache-2.0
// The run state of a hardware thread: quiesced, halted, paused, and who may change them
// (scenarios.md 5.6, 4.3, S3).
#include "sc_models/ppc/hardware_thread.h"

namespace xive::ppc {

void HardwareThread::set_quiesced(bool on) {
  // Order of 5.6: flag, recompute, and only then does anybody pause or resume on it.
  run_.quiesced = on;
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
  run_.halted = true;
  notify_run_state();
  recompute();
}

void HardwareThread::pause(bool on) {
  if (run_.paused == on) return;
  run_.paused = on;
  notify_run_state();
  recompute();
}

void HardwareThread::stop_self() {
  regs_.psscr |= psscr::kEc;
  regs_.lpcr &= ~lpcr::kWakeMask;
  run_.quiesced = true;
  run_.halted = true;
  notify_run_state();
  recompute();
}

bool HardwareThread::start_cpu(std::uint64_t entry, std::uint64_t r3, std::uint64_t lpcr_value,
                               std::uint64_t timebase_offset) {
  if (!run_.quiesced) return false;
  set_timebase_offset(timebase_offset);
  regs_.msr = msr::kSf | msr::kMe;
  regs_.nip = entry;
  regs_.gpr[3] = r3;
  regs_.psscr &= ~psscr::kEc;
  set_lpcr(lpcr_value);
  ++generation_;
  first_instruction_ = true;
  for (ThreadObserver* observer : observers_) observer->on_reset(*this, regs_);
  run_.halted = false;
  set_quiesced(false);
  return true;
}

void HardwareThread::reset(const ArchState& state, bool quiesced_after, bool halted_after) {
  regs_ = state;
  run_.checkstopped = false;
  run_.stop_requested = false;
  in_instruction_ = false;
  ++generation_;
  first_instruction_ = true;
  for (ThreadObserver* observer : observers_) observer->on_reset(*this, state);
  run_.halted = halted_after;
  run_.quiesced = quiesced_after;
  notify_run_state();
  timer_edge();
}

void HardwareThread::direct_stop() {
  if (in_instruction_) {
    run_.stop_requested = true;
    return;
  }
  set_quiesced(true);
}

void HardwareThread::direct_start() {
  run_.stop_requested = false;
  set_quiesced(false);
}

void HardwareThread::direct_sreset() {
  latches_.set(Cause::SystemReset);
  if (config_.faults.sreset_keeps_quiesced) {
    recompute();
    return;
  }
  run_.stop_requested = false;
  set_quiesced(false);
}

}  // namespace xive::ppc
