// SPDX-License-Identifier: Apache-2.0
/// Generic payload on one side, TIMA messages on the other.
#pragma once

#include <bit>
#include <optional>
#include <tlm>

#include "sc_models/tima/big_endian.h"
#include "sc_models/tima/mmio_head.h"
#include "sc_models/tima/tlm/requester_extension.h"
#include "sc_models/tima/types.h"

namespace xive::tima {

/// Size of the TIMA window: four pages of 64 KiB.
inline constexpr sc_dt::uint64 kWindowBytes = 0x40000;

/// Translates a transaction into an access. When it never gets to the TIMA, the response status
/// (and for loads with an error of the TIMA the data) is set and nothing is returned:
///
///   TLM_IGNORE_COMMAND                          TLM_OK_RESPONSE, nothing happens
///   no data pointer                             TLM_GENERIC_ERROR_RESPONSE
///   byte enables other than all 0xFF            TLM_BYTE_ENABLE_ERROR_RESPONSE
///   streaming width below the length            TLM_BURST_ERROR_RESPONSE
///   no RequesterExtension                       TLM_COMMAND_ERROR_RESPONSE
///   address outside of the four pages           TLM_ADDRESS_ERROR_RESPONSE
///   thread that does not exist                  as a disabled one: TLM_GENERIC_ERROR_RESPONSE,
///   ones length not 1, 2, 4 or 8                     ERR_ALIGN: TLM_BURST_ERROR_RESPONSE, ones
///
/// The address is page << 16 | offset. The data array holds the bytes in address order, so byte 0
/// is the most significant one of the big-endian value, whatever the host is.
inline std::optional<MmioRequest> to_request(tlm::tlm_generic_payload& trans, unsigned threads);

/// Writes the answer into the transaction. A bus error is all ones in the data of a load, and
///   ERR_NOACC  TLM_GENERIC_ERROR_RESPONSE (never an address error: the window is there, and a core
///              takes no machine check for it)
///   ERR_ALIGN  TLM_BURST_ERROR_RESPONSE
/// Codes 3 to 9 are no bus errors: TLM_OK_RESPONSE.
inline void set_response(tlm::tlm_generic_payload& trans, const MmioResponse& response);

namespace payload_detail {

bool every_byte_enabled(const tlm::tlm_generic_payload& trans);
/// Sets the response of a transaction that to_request() does not let pass.
void refuse(tlm::tlm_generic_payload& trans, const RequesterExtension* requester, unsigned threads);

}  // namespace payload_detail

// Inline: a transaction that is well formed takes some twenty instructions.
inline std::optional<MmioRequest> to_request(tlm::tlm_generic_payload& trans, unsigned threads) {
  const unsigned length = trans.get_data_length();
  const RequesterExtension* const requester = trans.get_extension<RequesterExtension>();
  if (requester == nullptr || requester->thread >= threads || trans.get_data_ptr() == nullptr ||
      trans.get_address() >= kWindowBytes || length - 1U > 7U || (length & (length - 1U)) != 0 ||
      trans.get_streaming_width() < length || trans.get_command() == tlm::TLM_IGNORE_COMMAND ||
      (trans.get_byte_enable_ptr() != nullptr && !payload_detail::every_byte_enabled(trans)))
      [[unlikely]] {
    payload_detail::refuse(trans, requester, threads);
    return std::nullopt;
  }
  MmioRequest request;
  const bool write = trans.is_write();
  set_head(request, requester->thread, static_cast<unsigned>(trans.get_address() >> 16U),
           static_cast<unsigned>(trans.get_address() & 0xffffU), write,
           static_cast<unsigned>(std::countr_zero(length)));
  if (write) request.wdata = load_be(trans.get_data_ptr(), length);
  return request;
}

inline void set_response(tlm::tlm_generic_payload& trans, const MmioResponse& response) {
  if (trans.is_read()) store_be(trans.get_data_ptr(), trans.get_data_length(), response.rdata);
  if (!response.err) [[likely]] {
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
  } else {
    trans.set_response_status(response.code == ErrorCode::Align ? tlm::TLM_BURST_ERROR_RESPONSE
                                                                : tlm::TLM_GENERIC_ERROR_RESPONSE);
  }
}

}  // namespace xive::tima
