// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <systemc>
#include <tlm>
#include <vector>

#include "sc_models/platform/tlm/payload.h"

namespace xive::platform {

enum class Timing : std::uint8_t {
  Loose,       ///< b_transport with temporal decoupling
  Approximate  ///< four phases; the caller waits for the response
};

/// A TLM-2.0 initiator behind the plain Target interface, so that whoever makes Requests (a
/// HostCpu) can work through sockets. access() must be called from an SC_THREAD. Besides
/// RequestExtension each transaction of a thread carries the TIMA's RequesterExtension.
class InitiatorFace final : public sc_core::sc_module,
                            public Target,
                            public tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_initiator_socket<64> socket{"socket"};

  /// `use_dmi`: loads and stores through direct regions where the target grants them (Loose only).
  InitiatorFace(const sc_core::sc_module_name& name, Timing timing, bool use_dmi = false);
  ~InitiatorFace() override;

  Response access(const Request& request) override;
  /// Through transport_dbg: no time, no side effects on devices.
  bool read_block(std::uint64_t address, std::span<std::uint8_t> data) override;
  bool write_block(std::uint64_t address, std::span<const std::uint8_t> data) override;

  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& trans, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override;

  std::uint64_t dmi_hits() const { return dmi_hits_; }

 private:
  /// One transaction with everything it needs; reused, never on the stack of a non-blocking call.
  struct Flight;
  class Pool;

  Response loose(const Request& request, Flight& flight);
  Response approximate(const Request& request, Flight& flight);
  bool direct_access(const Request& request, Response& response);
  bool debug(tlm::tlm_command command, std::uint64_t address, std::uint8_t* data, unsigned length);

  const Timing timing_;
  const bool use_dmi_;
  std::unique_ptr<Pool> pool_;
  sc_core::sc_mutex request_slot_;
  std::vector<tlm::tlm_dmi> regions_;
  std::uint64_t dmi_hits_ = 0;
};

}  // namespace xive::platform
