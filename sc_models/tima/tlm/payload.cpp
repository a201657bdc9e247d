// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/tlm/payload.h"

#include <algorithm>

namespace xive::tima::payload_detail {
namespace {

/// An error of the TIMA: a load shows ones.
void refuse_with_ones(tlm::tlm_generic_payload& trans, tlm::tlm_response_status status) {
  if (trans.is_read()) {
    std::fill_n(trans.get_data_ptr(), trans.get_data_length(), static_cast<unsigned char>(0xff));
  }
  trans.set_response_status(status);
}

}  // namespace

bool every_byte_enabled(const tlm::tlm_generic_payload& trans) {
  const unsigned char* const enable = trans.get_byte_enable_ptr();
  if (enable == nullptr) return true;
  const unsigned length = trans.get_byte_enable_length();
  return length > 0 && std::all_of(enable, enable + length,
                                   [](unsigned char e) { return e == TLM_BYTE_ENABLED; });
}

/// The order in which the reasons count is that of the table in payload.h.
void refuse(tlm::tlm_generic_payload& trans, const RequesterExtension* requester,
            unsigned threads) {
  if (trans.get_command() == tlm::TLM_IGNORE_COMMAND) {
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
  } else if (trans.get_data_ptr() == nullptr) {
    trans.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
  } else if (!every_byte_enabled(trans)) {
    trans.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  } else if (trans.get_streaming_width() < trans.get_data_length()) {
    trans.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
  } else if (requester == nullptr) {
    trans.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
  } else if (trans.get_address() >= kWindowBytes) {
    trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else if (requester->thread >= threads) {
    refuse_with_ones(trans, tlm::TLM_GENERIC_ERROR_RESPONSE);
  } else {
    refuse_with_ones(trans, tlm::TLM_BURST_ERROR_RESPONSE);
  }
}

}  // namespace xive::tima::payload_detail
