// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tlm/base_protocol_rules.h"

#include <algorithm>

namespace xive {
namespace {

/// How much of a write is remembered to see whether the target left it alone.
constexpr unsigned kComparedBytes = 64;

bool needs_data(tlm::tlm_command command) {
  return command != tlm::TLM_IGNORE_COMMAND;
}

}  // namespace

const std::array<RuleInfo, static_cast<std::size_t>(BaseProtocolRule::Count_)>&
base_protocol_rule_infos() {
  static constexpr std::array<RuleInfo, static_cast<std::size_t>(BaseProtocolRule::Count_)> kInfos{{
      {"TLM-BP-REQ-EXCL", "No BEGIN_REQ is sent before the previous request has ended",
       "IEEE 1666-2011 clause 15"},
      {"TLM-BP-RESP-EXCL", "No BEGIN_RESP is sent before the previous response has ended",
       "IEEE 1666-2011 clause 15"},
      {"TLM-BP-PHASE", "The phases of a transaction come in order and in their direction",
       "IEEE 1666-2011 clause 15"},
      {"TLM-BP-RETURN", "Return value and returned phase of nb_transport are a legal transition",
       "IEEE 1666-2011 clause 15"},
      {"TLM-BP-COMPLETE", "Every transaction that began has completed at the end",
       "IEEE 1666-2011 clause 15"},
      {"TLM-BP-RESP-END", "Every BEGIN_RESP has been ended at the end", "IEEE 1666-2011 clause 15"},
      {"TLM-BP-DATA", "A read or write has a data pointer and a length above 0",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-STREAM", "The streaming width is above 0", "IEEE 1666-2011 clause 14"},
      {"TLM-BP-BYTE-ENABLE", "A byte enable pointer comes with a byte enable length above 0",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-STATUS-INIT", "A transaction starts with TLM_INCOMPLETE_RESPONSE",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-STATUS-FINAL", "A completed transaction has another status than incomplete",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-DMI-INIT", "A transaction starts with the DMI hint cleared",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-IMMUTABLE", "Command, data, byte enables and streaming width stay as they were sent",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-WRITE-DATA", "The target does not change the data of a write",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-MM", "A transaction of nb_transport has a memory manager",
       "IEEE 1666-2011 clause 14"},
      {"TLM-BP-DELAY", "The callee never decreases the timing annotation",
       "IEEE 1666-2011 clause 11"},
      {"TLM-BP-SHARED", "A transaction object in progress is not sent a second time",
       "IEEE 1666-2011 clause 11"},
      {"TLM-BP-DMI-RANGE", "A granted DMI region has a pointer and contains the address asked for",
       "IEEE 1666-2011 clause 11"},
      {"TLM-BP-DEBUG", "transport_dbg returns at most the number of bytes asked for",
       "IEEE 1666-2011 clause 11"},
  }};
  return kInfos;
}

BaseProtocolRules::BaseProtocolRules(RuleBook& book) : book_(book) {
  first_ = static_cast<RuleBook::Index>(book.entries().size());
  for (const RuleInfo& info : base_protocol_rule_infos()) book.add(info);
}

void BaseProtocolRules::check(BaseProtocolRule rule, bool holds, const char* detail) {
  const RuleBook::Index index = first_ + static_cast<RuleBook::Index>(rule);
  book_.hit(index);
  if (!holds) book_.fire(index, sc_core::sc_time_stamp().value(), detail);
}

void BaseProtocolRules::check_delay(const sc_core::sc_time& before, const sc_core::sc_time& after) {
  check(BaseProtocolRule::Delay, after >= before, "timing annotation decreased");
}

// --- One transaction -----------------------------------------------------------------------------

void BaseProtocolRules::arrive(const tlm::tlm_generic_payload& trans, bool blocking) {
  check(BaseProtocolRule::Shared, in_flight_.count(&trans) == 0, "sent again while in progress");
  const bool data = needs_data(trans.get_command());
  check(BaseProtocolRule::DataPointer,
        !data || (trans.get_data_ptr() != nullptr && trans.get_data_length() > 0),
        "no data pointer or length 0");
  check(BaseProtocolRule::StreamingWidth, !data || trans.get_streaming_width() > 0,
        "streaming width 0");
  check(BaseProtocolRule::ByteEnable,
        trans.get_byte_enable_ptr() == nullptr || trans.get_byte_enable_length() > 0,
        "byte enable length 0");
  check(BaseProtocolRule::InitialStatus,
        trans.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE,
        "response status set before the start");
  check(BaseProtocolRule::InitialDmi, !trans.is_dmi_allowed(), "DMI hint set before the start");

  InFlight flight;
  flight.blocking = blocking;
  flight.order = arrivals_++;
  flight.command = trans.get_command();
  flight.data = trans.get_data_ptr();
  flight.length = trans.get_data_length();
  flight.byte_enable = trans.get_byte_enable_ptr();
  flight.byte_enable_length = trans.get_byte_enable_length();
  flight.streaming_width = trans.get_streaming_width();
  if (trans.is_write() && flight.data != nullptr) {
    flight.written.assign(flight.data, flight.data + std::min(flight.length, kComparedBytes));
  }
  in_flight_[&trans] = std::move(flight);
}

/// The response is there: judge what came back.
void BaseProtocolRules::complete(const tlm::tlm_generic_payload& trans, const InFlight& flight) {
  check(BaseProtocolRule::FinalStatus, trans.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE,
        "completed with TLM_INCOMPLETE_RESPONSE");
  const bool same = trans.get_command() == flight.command && trans.get_data_ptr() == flight.data &&
                    trans.get_data_length() == flight.length &&
                    trans.get_byte_enable_ptr() == flight.byte_enable &&
                    trans.get_byte_enable_length() == flight.byte_enable_length &&
                    trans.get_streaming_width() == flight.streaming_width;
  check(BaseProtocolRule::Immutable, same, "an attribute changed on the way");
  if (same && !flight.written.empty()) {
    check(BaseProtocolRule::WriteData,
          std::equal(flight.written.begin(), flight.written.end(), flight.data),
          "the data of a write changed");
  }
}

// --- b_transport ---------------------------------------------------------------------------------

void BaseProtocolRules::b_call(const tlm::tlm_generic_payload& trans) {
  arrive(trans, true);
}

void BaseProtocolRules::b_return(const tlm::tlm_generic_payload& trans,
                                 const sc_core::sc_time& delay_before,
                                 const sc_core::sc_time& delay_after) {
  check_delay(delay_before, delay_after);
  const auto found = in_flight_.find(&trans);
  if (found == in_flight_.end()) return;
  complete(trans, found->second);
  in_flight_.erase(found);
}

// --- nb_transport --------------------------------------------------------------------------------

void BaseProtocolRules::fw_call(const tlm::tlm_generic_payload& trans,
                                const tlm::tlm_phase& phase) {
  const auto found = in_flight_.find(&trans);
  if (phase == tlm::BEGIN_REQ) {
    check(BaseProtocolRule::MemoryManager, trans.has_mm(), "no memory manager");
    check(BaseProtocolRule::RequestExclusion, requesting_ == nullptr,
          "BEGIN_REQ while another request has not ended");
    arrive(trans, false);
    requesting_ = &trans;
  } else if (phase == tlm::END_RESP) {
    const bool legal = found != in_flight_.end() && found->second.stage == Stage::Responding;
    check(BaseProtocolRule::PhaseOrder, legal, "END_RESP without BEGIN_RESP");
    if (legal) end_response(trans);
  } else {
    check(BaseProtocolRule::PhaseOrder, false, "END_REQ or BEGIN_RESP on the forward path");
  }
}

void BaseProtocolRules::take_backward(const tlm::tlm_generic_payload& trans,
                                      const tlm::tlm_phase& phase) {
  const auto found = in_flight_.find(&trans);
  const bool known = found != in_flight_.end() && !found->second.blocking;
  if (phase == tlm::END_REQ) {
    const bool legal = known && found->second.stage == Stage::Requested;
    check(BaseProtocolRule::PhaseOrder, legal, "END_REQ without an open BEGIN_REQ");
    if (!legal) return;
    found->second.stage = Stage::Accepted;
    if (requesting_ == &trans) requesting_ = nullptr;
  } else if (phase == tlm::BEGIN_RESP) {
    const bool legal = known && found->second.stage != Stage::Responding;
    check(BaseProtocolRule::PhaseOrder, legal, "BEGIN_RESP without a request, or twice");
    check(BaseProtocolRule::ResponseExclusion, responding_ == nullptr || responding_ == &trans,
          "BEGIN_RESP while another response has not ended");
    if (!legal) return;
    // BEGIN_RESP ends the request, too.
    if (requesting_ == &trans) requesting_ = nullptr;
    found->second.stage = Stage::Responding;
    responding_ = &trans;
    complete(trans, found->second);
  } else {
    check(BaseProtocolRule::PhaseOrder, false, "BEGIN_REQ or END_RESP on the backward path");
  }
}

void BaseProtocolRules::end_response(const tlm::tlm_generic_payload& trans) {
  in_flight_.erase(&trans);
  if (responding_ == &trans) responding_ = nullptr;
}

void BaseProtocolRules::fw_return(const tlm::tlm_generic_payload& trans, const tlm::tlm_phase& sent,
                                  const tlm::tlm_phase& phase, tlm::tlm_sync_enum sync,
                                  const sc_core::sc_time& delay_before,
                                  const sc_core::sc_time& delay_after) {
  check_delay(delay_before, delay_after);
  if (sync == tlm::TLM_UPDATED) {
    const bool legal =
        sent == tlm::BEGIN_REQ && (phase == tlm::END_REQ || phase == tlm::BEGIN_RESP);
    check(BaseProtocolRule::ReturnValue, legal, "TLM_UPDATED with a phase that cannot follow");
    if (legal) take_backward(trans, phase);
    return;
  }
  check(BaseProtocolRule::ReturnValue, true, "");
  if (sync == tlm::TLM_COMPLETED && sent == tlm::BEGIN_REQ) {
    const auto found = in_flight_.find(&trans);
    if (found == in_flight_.end()) return;
    complete(trans, found->second);
    if (requesting_ == &trans) requesting_ = nullptr;
    in_flight_.erase(found);
  }
}

void BaseProtocolRules::bw_call(const tlm::tlm_generic_payload& trans,
                                const tlm::tlm_phase& phase) {
  take_backward(trans, phase);
}

void BaseProtocolRules::bw_return(const tlm::tlm_generic_payload& trans, const tlm::tlm_phase& sent,
                                  const tlm::tlm_phase& phase, tlm::tlm_sync_enum sync,
                                  const sc_core::sc_time& delay_before,
                                  const sc_core::sc_time& delay_after) {
  check_delay(delay_before, delay_after);
  const bool response = sent == tlm::BEGIN_RESP;
  bool legal = true;
  if (sync == tlm::TLM_UPDATED) legal = response && phase == tlm::END_RESP;
  if (sync == tlm::TLM_COMPLETED) legal = response;
  check(BaseProtocolRule::ReturnValue, legal, "the initiator cannot answer so to this phase");
  if (legal && sync != tlm::TLM_ACCEPTED) end_response(trans);
}

// --- DMI, debug, end -----------------------------------------------------------------------------

void BaseProtocolRules::dmi_return(const tlm::tlm_generic_payload& trans, bool granted,
                                   const tlm::tlm_dmi& dmi) {
  check(
      BaseProtocolRule::DmiRange,
      !granted || (dmi.get_dmi_ptr() != nullptr && dmi.get_start_address() <= trans.get_address() &&
                   trans.get_address() <= dmi.get_end_address()),
      "granted region without pointer, or elsewhere");
}

void BaseProtocolRules::debug_return(const tlm::tlm_generic_payload& trans, unsigned count) {
  check(BaseProtocolRule::DebugCount, count <= trans.get_data_length(),
        "more bytes than asked for");
}

void BaseProtocolRules::finish() {
  std::vector<const InFlight*> left;
  for (const auto& entry : in_flight_) left.push_back(&entry.second);
  std::sort(left.begin(), left.end(),
            [](const InFlight* a, const InFlight* b) { return a->order < b->order; });
  check(BaseProtocolRule::Completion, true, "");
  check(BaseProtocolRule::ResponseEnd, true, "");
  for (const InFlight* flight : left) {
    const bool responding = flight->stage == Stage::Responding;
    check(responding ? BaseProtocolRule::ResponseEnd : BaseProtocolRule::Completion, false,
          responding ? "no END_RESP" : "no response");
  }
  in_flight_.clear();
  requesting_ = responding_ = nullptr;
}

}  // namespace xive
