// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/tlm/payload.h"

#include <algorithm>
#include <stdexcept>

#include "sc_models/platform/memory_port.h"

namespace xive::platform {

void require_picoseconds() {
  if (sc_core::sc_get_time_resolution() != sc_core::sc_time(1, sc_core::SC_PS)) {
    throw std::logic_error("the time resolution must be 1 ps");
  }
}

tlm::tlm_response_status to_tlm(Status status) {
  switch (status) {
    case Status::Ok:
      return tlm::TLM_OK_RESPONSE;
    case Status::AddressError:
      return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    case Status::SizeError:
      return tlm::TLM_BURST_ERROR_RESPONSE;
    case Status::CommandError:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
    case Status::DeviceError:
      break;
  }
  return tlm::TLM_GENERIC_ERROR_RESPONSE;
}

Status from_tlm(tlm::tlm_response_status status) {
  switch (status) {
    case tlm::TLM_OK_RESPONSE:
      return Status::Ok;
    case tlm::TLM_ADDRESS_ERROR_RESPONSE:
      return Status::AddressError;
    case tlm::TLM_BURST_ERROR_RESPONSE:
      return Status::SizeError;
    case tlm::TLM_COMMAND_ERROR_RESPONSE:
      return Status::CommandError;
    default:
      return Status::DeviceError;
  }
}

void fill(tlm::tlm_generic_payload& trans, const Request& request, std::uint8_t (&bytes)[8]) {
  const bool store = request.command == Command::Store;
  if (store) to_big_endian(request.data, {bytes, request.size});
  trans.set_command(store ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  trans.set_address(request.address);
  trans.set_data_ptr(bytes);
  trans.set_data_length(request.size);
  trans.set_streaming_width(request.size);
  trans.set_byte_enable_ptr(nullptr);
  trans.set_dmi_allowed(false);
  trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

Response extract(const tlm::tlm_generic_payload& trans, const Request& request) {
  const Status status = from_tlm(trans.get_response_status());
  if (status != Status::Ok) return error_response(status, request);
  Response response;
  if (request.command == Command::Load) {
    response.data = from_big_endian({trans.get_data_ptr(), request.size});
  } else if (request.atomic == Atomic::StoreConditional) {
    const auto* extension = trans.get_extension<RequestExtension>();
    response.data = extension != nullptr && extension->done ? 1 : 0;
  }
  return response;
}

Time perform(Target& target, tlm::tlm_generic_payload& trans, Time time) {
  const auto finish = [&](tlm::tlm_response_status status, Time latency) {
    trans.set_response_status(status);
    return latency;
  };
  const unsigned length = trans.get_data_length();
  std::uint8_t* const data = trans.get_data_ptr();
  if (trans.get_command() == tlm::TLM_IGNORE_COMMAND) return finish(tlm::TLM_OK_RESPONSE, 0);
  if (trans.get_byte_enable_ptr() != nullptr) {
    return finish(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE, 0);
  }
  if (length == 0 || trans.get_streaming_width() < length) {
    return finish(tlm::TLM_BURST_ERROR_RESPONSE, 0);
  }
  if (data == nullptr) return finish(tlm::TLM_GENERIC_ERROR_RESPONSE, 0);
  const bool store = trans.is_write();
  if (length > 8 || (length & (length - 1)) != 0) {
    const bool ok = store ? target.write_block(trans.get_address(), {data, length})
                          : target.read_block(trans.get_address(), {data, length});
    return finish(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_BURST_ERROR_RESPONSE, 0);
  }
  Request request{.command = store ? Command::Store : Command::Load,
                  .size = static_cast<std::uint8_t>(length),
                  .address = trans.get_address(),
                  .data = store ? from_big_endian({data, length}) : 0,
                  .time = time};
  auto* extension = trans.get_extension<RequestExtension>();
  if (extension != nullptr) {
    request.requester = extension->requester;
    request.instruction = extension->instruction;
    request.atomic = extension->atomic;
  }
  const Response response = target.access(request);
  if (!store) to_big_endian(response.data, {data, length});
  if (extension != nullptr) extension->done = response.ok() && response.data == 1;
  trans.set_dmi_allowed(response.ok() && request.atomic == Atomic::None &&
                        target.may_direct(request.address));
  return finish(to_tlm(response.status), response.latency);
}

}  // namespace xive::platform
