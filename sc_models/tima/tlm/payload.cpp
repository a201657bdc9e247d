// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/tlm/payload.h"

#include <algorithm>
#include <bit>

#include "sc_models/tima/big_endian.h"
#include "sc_models/tima/tlm/requester_extension.h"

namespace xive::tima {
namespace {

bool every_byte_enabled(const tlm::tlm_generic_payload& trans) {
  const unsigned char* const enable = trans.get_byte_enable_ptr();
  if (enable == nullptr) return true;
  const unsigned length = trans.get_byte_enable_length();
  return length > 0 && std::all_of(enable, enable + length,
                                   [](unsigned char e) { return e == TLM_BYTE_ENABLED; });
}

void refuse(tlm::tlm_generic_payload& trans, tlm::tlm_response_status status) {
  trans.set_response_status(status);
}

/// An error of the TIMA: a load shows ones.
void refuse_with_ones(tlm::tlm_generic_payload& trans, tlm::tlm_response_status status) {
  if (trans.is_read()) {
    std::fill_n(trans.get_data_ptr(), trans.get_data_length(), static_cast<unsigned char>(0xff));
  }
  trans.set_response_status(status);
}

}  // namespace

std::optional<MmioRequest> to_request(tlm::tlm_generic_payload& trans, unsigned threads) {
  const unsigned length = trans.get_data_length();
  const RequesterExtension* const requester = trans.get_extension<RequesterExtension>();
  if (trans.get_command() == tlm::TLM_IGNORE_COMMAND) {
    refuse(trans, tlm::TLM_OK_RESPONSE);
  } else if (trans.get_data_ptr() == nullptr) {
    refuse(trans, tlm::TLM_GENERIC_ERROR_RESPONSE);
  } else if (!every_byte_enabled(trans)) {
    refuse(trans, tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  } else if (trans.get_streaming_width() < length) {
    refuse(trans, tlm::TLM_BURST_ERROR_RESPONSE);
  } else if (requester == nullptr) {
    refuse(trans, tlm::TLM_COMMAND_ERROR_RESPONSE);
  } else if (trans.get_address() >= kWindowBytes) {
    refuse(trans, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else if (requester->thread >= threads) {
    refuse_with_ones(trans, tlm::TLM_GENERIC_ERROR_RESPONSE);
  } else if (length != 1 && length != 2 && length != 4 && length != 8) {
    refuse_with_ones(trans, tlm::TLM_BURST_ERROR_RESPONSE);
  } else {
    MmioRequest request;
    request.thread = static_cast<std::uint8_t>(requester->thread);
    request.page = static_cast<Page>(trans.get_address() >> 16U);
    request.offset = static_cast<std::uint16_t>(trans.get_address());
    request.write = trans.is_write();
    request.size_log2 = static_cast<std::uint8_t>(std::countr_zero(length));
    if (request.write) request.wdata = load_be(trans.get_data_ptr(), length);
    return request;
  }
  return std::nullopt;
}

void set_response(tlm::tlm_generic_payload& trans, const MmioResponse& response) {
  if (trans.is_read()) store_be(trans.get_data_ptr(), trans.get_data_length(), response.rdata);
  if (!response.err) {
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
  } else {
    trans.set_response_status(response.code == ErrorCode::Align ? tlm::TLM_BURST_ERROR_RESPONSE
                                                                : tlm::TLM_GENERIC_ERROR_RESPONSE);
  }
}

}  // namespace xive::tima
