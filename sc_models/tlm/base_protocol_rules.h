// SPDX-License-Identifier: Apache-2.0
/// The TLM-2.0 base protocol as rules: what IEEE 1666-2011 asks of both ends of one hop.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tlm>
#include <vector>

#include "sc_models/rules/rule_book.h"

namespace xive {

/// One rule each; the order is that of base_protocol_rule_infos().
enum class BaseProtocolRule : std::uint8_t {
  RequestExclusion,
  ResponseExclusion,
  PhaseOrder,
  ReturnValue,
  Completion,
  ResponseEnd,
  DataPointer,
  StreamingWidth,
  ByteEnable,
  InitialStatus,
  FinalStatus,
  InitialDmi,
  Immutable,
  WriteData,
  MemoryManager,
  Delay,
  Shared,
  DmiRange,
  DebugCount,
  Count_,
};

const std::array<RuleInfo, static_cast<std::size_t>(BaseProtocolRule::Count_)>&
base_protocol_rule_infos();

/// Judges the calls of one hop: initiator side above, target side below. Each *_call function is
/// told before the call is passed on and each *_return function after it. Violation times are in
/// the resolution of the simulation (sc_time::value()).
class BaseProtocolRules {
 public:
  /// Adds its rules to `book`, which must outlive this object.
  explicit BaseProtocolRules(RuleBook& book);

  void b_call(const tlm::tlm_generic_payload& trans);
  void b_return(const tlm::tlm_generic_payload& trans, const sc_core::sc_time& delay_before,
                const sc_core::sc_time& delay_after);

  void fw_call(const tlm::tlm_generic_payload& trans, const tlm::tlm_phase& phase);
  void fw_return(const tlm::tlm_generic_payload& trans, const tlm::tlm_phase& sent,
                 const tlm::tlm_phase& phase, tlm::tlm_sync_enum sync,
                 const sc_core::sc_time& delay_before, const sc_core::sc_time& delay_after);
  void bw_call(const tlm::tlm_generic_payload& trans, const tlm::tlm_phase& phase);
  void bw_return(const tlm::tlm_generic_payload& trans, const tlm::tlm_phase& sent,
                 const tlm::tlm_phase& phase, tlm::tlm_sync_enum sync,
                 const sc_core::sc_time& delay_before, const sc_core::sc_time& delay_after);

  void dmi_return(const tlm::tlm_generic_payload& trans, bool granted, const tlm::tlm_dmi& dmi);
  void debug_return(const tlm::tlm_generic_payload& trans, unsigned count);

  /// End of simulation: nothing may be left in progress. Counts each leftover once.
  void finish();

 private:
  enum class Stage : std::uint8_t { Requested, Accepted, Responding };

  /// What the payload looked like when it came, and how far it got.
  struct InFlight {
    Stage stage = Stage::Requested;
    bool blocking = false;
    std::uint64_t order = 0;
    tlm::tlm_command command = tlm::TLM_IGNORE_COMMAND;
    unsigned char* data = nullptr;
    unsigned length = 0;
    unsigned char* byte_enable = nullptr;
    unsigned byte_enable_length = 0;
    unsigned streaming_width = 0;
    std::vector<unsigned char> written;  ///< data of a write, as far as it is compared
  };
  using Key = const tlm::tlm_generic_payload*;

  /// Checks `holds` under `rule`.
  void check(BaseProtocolRule rule, bool holds, const char* detail);
  void arrive(const tlm::tlm_generic_payload& trans, bool blocking);
  void complete(const tlm::tlm_generic_payload& trans, const InFlight& flight);
  void check_delay(const sc_core::sc_time& before, const sc_core::sc_time& after);
  /// A phase that goes against the direction of the request: END_REQ or BEGIN_RESP.
  void take_backward(const tlm::tlm_generic_payload& trans, const tlm::tlm_phase& phase);
  void end_response(const tlm::tlm_generic_payload& trans);

  RuleBook& book_;
  RuleBook::Index first_ = 0;
  std::map<Key, InFlight> in_flight_;  // looked up only, never iterated for output
  Key requesting_ = nullptr;           ///< BEGIN_REQ not yet ended
  Key responding_ = nullptr;           ///< BEGIN_RESP not yet ended
  std::uint64_t arrivals_ = 0;
};

}  // namespace xive
