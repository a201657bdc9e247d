// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/tlm/target_face.h"

#include <stdexcept>

namespace xive::platform {
namespace {

Time now() {
  return to_time(sc_core::sc_time_stamp());
}

void retain(tlm::tlm_generic_payload& trans) {
  if (trans.has_mm()) trans.acquire();
}
void release(tlm::tlm_generic_payload& trans) {
  if (trans.has_mm()) trans.release();
}

}  // namespace

TargetFace::TargetFace(const sc_core::sc_module_name& name, Target& target, unsigned queue_depth)
    : sc_module(name), target_(target), queue_depth_(queue_depth) {
  require_picoseconds();
  if (queue_depth == 0) throw std::invalid_argument("TargetFace: queue depth 0");
  socket.bind(*this);
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&step_event_);
  sc_core::sc_spawn([this] { step(); }, sc_core::sc_gen_unique_name("step"), &options);
}

void TargetFace::b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  delay += to_sc_time(perform(target_, trans, now() + to_time(delay)));
}

tlm::tlm_sync_enum TargetFace::nb_transport_fw(tlm::tlm_generic_payload& trans,
                                               tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  const Time due = now() + to_time(delay);
  if (phase == tlm::BEGIN_REQ) {
    retain(trans);
    held_.push_back({&trans, due});
    wake_at(due);
    return tlm::TLM_ACCEPTED;
  }
  if (phase == tlm::END_RESP && responding_ == &trans) {
    responding_ = nullptr;
    response_free_ = due;
    --occupied_;
    release(trans);
    wake_at(due);
    return tlm::TLM_COMPLETED;
  }
  throw std::logic_error("TargetFace: phase out of order");
}

void TargetFace::wake_at(Time time) {
  const Time present = now();
  step_event_.notify(to_sc_time(time > present ? time - present : 0));
}

void TargetFace::step() {
  while (accept() || serve() || respond()) {
  }
  // A timed notification that is due later may have been overridden by an earlier one.
  Time next = kNever;
  if (!held_.empty() && held_.front().due > now()) next = std::min(next, held_.front().due);
  if (served_ != nullptr && served_until_ > now()) next = std::min(next, served_until_);
  if (response_free_ > now()) next = std::min(next, response_free_);
  if (next != kNever) wake_at(next);
}

bool TargetFace::accept() {
  if (held_.empty() || held_.front().due > now() || occupied_ >= queue_depth_) return false;
  tlm::tlm_generic_payload* trans = held_.front().trans;
  held_.pop_front();
  accepted_.push_back(trans);
  ++occupied_;
  tlm::tlm_phase phase = tlm::END_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  socket->nb_transport_bw(*trans, phase, delay);
  return true;
}

bool TargetFace::serve() {
  if (served_ != nullptr || accepted_.empty()) return false;
  served_ = accepted_.front();
  accepted_.pop_front();
  served_until_ = now() + perform(target_, *served_, now());
  return true;
}

bool TargetFace::respond() {
  if (served_ == nullptr || served_until_ > now()) return false;
  if (responding_ != nullptr || response_free_ > now()) return false;
  responding_ = served_;
  served_ = nullptr;
  tlm::tlm_generic_payload& trans = *responding_;
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const tlm::tlm_sync_enum sync = socket->nb_transport_bw(trans, phase, delay);
  const bool ended =
      sync == tlm::TLM_COMPLETED || (sync == tlm::TLM_UPDATED && phase == tlm::END_RESP);
  if (ended && responding_ == &trans) {
    responding_ = nullptr;
    response_free_ = now() + to_time(delay);
    --occupied_;
    release(trans);
  }
  return true;
}

unsigned TargetFace::transport_dbg(tlm::tlm_generic_payload& trans) {
  const std::span<std::uint8_t> data(trans.get_data_ptr(), trans.get_data_length());
  bool ok = false;
  if (trans.is_read()) ok = target_.read_block(trans.get_address(), data);
  if (trans.is_write()) ok = target_.write_block(trans.get_address(), data);
  return ok ? trans.get_data_length() : 0;
}

bool TargetFace::get_direct_mem_ptr(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) {
  const auto region = target_.direct(trans.get_address());
  if (!region || (trans.is_write() && !region->writable)) {
    dmi.set_start_address(trans.get_address());
    dmi.set_end_address(trans.get_address());
    dmi.allow_none();
    return false;
  }
  dmi.set_dmi_ptr(region->data);
  dmi.set_start_address(region->first);
  dmi.set_end_address(region->last);
  dmi.set_read_latency(to_sc_time(region->latency));
  dmi.set_write_latency(to_sc_time(region->latency));
  if (region->writable) {
    dmi.allow_read_write();
  } else {
    dmi.allow_read();
  }
  return true;
}

}  // namespace xive::platform
