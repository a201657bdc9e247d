// SPDX-License-Identifier: Apache-2.0
/// Generic payload on one side, TIMA messages on the other.
#pragma once

#include <optional>
#include <tlm>

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
std::optional<MmioRequest> to_request(tlm::tlm_generic_payload& trans, unsigned threads);

/// Writes the answer into the transaction. A bus error is all ones in the data of a load, and
///   ERR_NOACC  TLM_GENERIC_ERROR_RESPONSE (never an address error: the window is there, and a core
///              takes no machine check for it)
///   ERR_ALIGN  TLM_BURST_ERROR_RESPONSE
/// Codes 3 to 9 are no bus errors: TLM_OK_RESPONSE.
void set_response(tlm::tlm_generic_payload& trans, const MmioResponse& response);

}  // namespace xive::tima
