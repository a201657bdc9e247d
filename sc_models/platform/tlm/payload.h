// SPDX-License-Identifier: Apache-2.0
/// Generic payload on one side, platform::Request and Response on the other.
#pragma once

#include <systemc>
#include <tlm>

#include "sc_models/platform/target.h"

namespace xive::platform {

/// What a Request carries beyond the generic payload. Optional: a transaction without it comes from
/// a device. For `atomic` = StoreConditional the target says in `done` whether it stored.
struct RequestExtension : tlm::tlm_extension<RequestExtension> {
  Requester requester{};
  std::uint64_t instruction = 0;
  Atomic atomic = Atomic::None;
  bool done = false;

  tlm::tlm_extension_base* clone() const override { return new RequestExtension(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    *this = static_cast<const RequestExtension&>(other);
  }
};

/// Picoseconds of the kernel's time. The resolution is 1 ps (checked by the faces).
inline Time to_time(const sc_core::sc_time& time) {
  return time.value();
}
inline sc_core::sc_time to_sc_time(Time time) {
  return sc_core::sc_time::from_value(time);
}
/// std::logic_error unless the kernel counts picoseconds.
void require_picoseconds();

tlm::tlm_response_status to_tlm(Status status);
Status from_tlm(tlm::tlm_response_status status);

/// Fills `trans` for `request`. `bytes` becomes its data array, in address order, most significant
/// byte first.
void fill(tlm::tlm_generic_payload& trans, const Request& request, std::uint8_t (&bytes)[8]);
/// The answer in `trans`.
Response extract(const tlm::tlm_generic_payload& trans, const Request& request);

/// Performs the transaction on `target` and sets response status, data and DMI hint. Returns the
/// latency. Accesses of 1, 2, 4 or 8 bytes are Target::access(); other lengths are block transfers.
/// Byte enables other than none and a streaming width below the length are refused.
Time perform(Target& target, tlm::tlm_generic_payload& trans, Time time);

}  // namespace xive::platform
