// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <systemc>
#include <tlm>

#include "sc_models/tlm/base_protocol_rules.h"

namespace xive {

/// In-line checker of the TLM-2.0 base protocol: bind an initiator socket to `target_socket` and
/// `initiator_socket` to the target. Passes every call on unchanged and costs no simulated time.
/// Call finish() after the simulation for the rules about what is left over.
template <unsigned BusWidth = 64>
class BaseProtocolChecker : public sc_core::sc_module,
                            public tlm::tlm_fw_transport_if<>,
                            public tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_target_socket<BusWidth> target_socket{"target_socket"};
  tlm::tlm_initiator_socket<BusWidth> initiator_socket{"initiator_socket"};

  BaseProtocolChecker(const sc_core::sc_module_name& name, RuleBook& book)
      : sc_core::sc_module(name), rules_(book) {
    target_socket.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    initiator_socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
  }

  void finish() { rules_.finish(); }

  void b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) override {
    const sc_core::sc_time before = delay + sc_core::sc_time_stamp();
    rules_.b_call(trans);
    initiator_socket->b_transport(trans, delay);
    rules_.b_return(trans, before, delay + sc_core::sc_time_stamp());
  }

  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    const tlm::tlm_phase sent = phase;
    const sc_core::sc_time before = delay;
    rules_.fw_call(trans, phase);
    const tlm::tlm_sync_enum sync = initiator_socket->nb_transport_fw(trans, phase, delay);
    rules_.fw_return(trans, sent, phase, sync, before, delay);
    return sync;
  }

  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    const tlm::tlm_phase sent = phase;
    const sc_core::sc_time before = delay;
    rules_.bw_call(trans, phase);
    const tlm::tlm_sync_enum sync = target_socket->nb_transport_bw(trans, phase, delay);
    rules_.bw_return(trans, sent, phase, sync, before, delay);
    return sync;
  }

  unsigned transport_dbg(tlm::tlm_generic_payload& trans) override {
    const unsigned count = initiator_socket->transport_dbg(trans);
    rules_.debug_return(trans, count);
    return count;
  }

  bool get_direct_mem_ptr(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) override {
    const bool granted = initiator_socket->get_direct_mem_ptr(trans, dmi);
    rules_.dmi_return(trans, granted, dmi);
    return granted;
  }

  void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override {
    target_socket->invalidate_direct_mem_ptr(first, last);
  }

 private:
  BaseProtocolRules rules_;
};

}  // namespace xive
