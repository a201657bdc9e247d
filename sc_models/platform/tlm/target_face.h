// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <systemc>
#include <tlm>

#include "sc_models/platform/tlm/payload.h"

namespace xive::platform {

/// A plain Target (memory, a device, a whole plain bus) behind a TLM-2.0 socket.
///
/// LT: b_transport performs the access at the initiator's local time and annotates the latency.
/// AT: four phases. Up to `queue_depth` requests are accepted (END_REQ); one is served at a time,
/// for its latency, so contention shows as waiting; responses leave in the order of the requests.
class TargetFace final : public sc_core::sc_module, public tlm::tlm_fw_transport_if<> {
 public:
  tlm::tlm_target_socket<64> socket{"socket"};

  /// `target` is not owned. `queue_depth` at least 1: std::invalid_argument.
  TargetFace(const sc_core::sc_module_name& name, Target& target, unsigned queue_depth = 2);

  void b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) override;
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  unsigned transport_dbg(tlm::tlm_generic_payload& trans) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) override;
  /// Tells the initiators that direct regions inside [first, last] are no longer valid.
  void invalidate(std::uint64_t first, std::uint64_t last) {
    socket->invalidate_direct_mem_ptr(first, last);
  }

 private:
  struct Arrival {
    tlm::tlm_generic_payload* trans;
    Time due;  ///< when BEGIN_REQ takes effect
  };
  void step();
  bool accept();
  bool serve();
  bool respond();
  void wake_at(Time time);

  Target& target_;
  const unsigned queue_depth_;
  std::deque<Arrival> held_;  ///< BEGIN_REQ without END_REQ; the protocol allows one
  std::deque<tlm::tlm_generic_payload*> accepted_;
  unsigned occupied_ = 0;  ///< accepted and not yet answered
  tlm::tlm_generic_payload* served_ = nullptr;
  Time served_until_ = 0;
  tlm::tlm_generic_payload* responding_ = nullptr;  ///< BEGIN_RESP without END_RESP
  Time response_free_ = 0;
  sc_core::sc_event step_event_;
};

}  // namespace xive::platform
