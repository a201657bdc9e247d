// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <systemc>
#include <tlm>
#include <utility>
#include <vector>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/tlm/payload.h"

namespace xive::platform {

/// Interconnect with TLM-2.0 sockets on both sides and the address decode of platform::Bus.
///
/// Bind initiators to `target_socket` and targets to `initiator_socket`; the n-th bound target is
/// port n. LT passes b_transport through and adds the window's latency. AT arbitrates: each target
/// has one request in its request phase at a time, each initiator one response in its response
/// phase; the rest waits in order of arrival.
class BusFace final : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<BusFace, 64> target_socket{"target_socket"};
  tlm_utils::multi_passthrough_initiator_socket<BusFace, 64> initiator_socket{"initiator_socket"};

  explicit BusFace(const sc_core::sc_module_name& name);

  /// Window onto port `port`. `relative`: the target sees address - base. Otherwise as Bus::map();
  /// `window.target` is ignored.
  Bus::WindowId map(unsigned port, Bus::Window window, bool relative = false);
  /// Also invalidates direct regions inside the window.
  void unmap(Bus::WindowId id);
  /// The decoder, for is_memory() and explain(); its access() must not be used.
  const Bus& decoder() const { return bus_; }
  std::uint64_t errors() const { return errors_; }

 private:
  /// Stands for a window of a port in the decoder.
  struct Port final : Target {
    unsigned number = 0;
    bool relative = false;
    Bus::WindowId id = 0;
    Response access(const Request& request) override {
      return error_response(Status::CommandError, request);
    }
  };
  struct Route {
    const Port* port = nullptr;
    std::uint64_t base = 0;  ///< subtracted on the way to the target
    Time latency = 0;
  };
  /// A transaction on its way (AT).
  struct Flight {
    int initiator = 0;
    unsigned port = 0;
    std::uint64_t base = 0;
    Time due = 0;  ///< when it may be sent to the target
    bool request_sent = false, request_ended = false;
  };
  using Trans = tlm::tlm_generic_payload;
  struct Reply {
    Trans* trans;
    Time due;
    bool sent;
    int port;  ///< -1: error made here
  };

  bool route(const Trans& trans, Route& result);
  void b_transport(int initiator, Trans& trans, sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_fw(int initiator, Trans& trans, tlm::tlm_phase& phase,
                           sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_bw(int port, Trans& trans, tlm::tlm_phase& phase, sc_core::sc_time& delay);
  unsigned debug(int initiator, Trans& trans);
  bool direct(int initiator, Trans& trans, tlm::tlm_dmi& dmi);
  void invalidate(int port, sc_dt::uint64 first, sc_dt::uint64 last);

  void step();
  bool send_requests();
  bool send_responses();
  void end_request(Trans& trans, Flight& flight);
  void reply(Trans& trans, Flight& flight, Time due, int port);
  void respond(int initiator, const Reply& reply);
  void await(int initiator, Time due);
  void wake_at(Time time);

  Bus bus_;
  std::list<Port> ports_;
  std::uint64_t errors_ = 0;
  std::map<const Trans*, Flight> flights_;           ///< looked up only
  std::map<unsigned, std::deque<Trans*>> requests_;  ///< by port; the first may be in its phase
  std::map<int, std::deque<Reply>> responses_;  ///< by initiator; the first may be in its phase
  /// Initiators whose first response has not been sent: those for which it is time, and the others
  /// by time.
  std::set<int> ready_;
  std::set<std::pair<Time, int>> later_;
  sc_core::sc_event step_event_;
};

}  // namespace xive::platform
