// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/fault.h"

namespace xive::opal {

const std::array<FaultInfo, static_cast<std::size_t>(Fault::kCount) - 1>& faults() {
  static constexpr std::array<FaultInfo, static_cast<std::size_t>(Fault::kCount) - 1> kTable = {{
      {Fault::B1MarkerAsIrq, "B1", "P61, CHK-RC"},
      {Fault::B2AnyChipIsFirst, "B2", "P61"},
      {Fault::B3EscalationSkipsEnd6, "B3", "P64"},
      {Fault::B4FreeKeepsEnd7, "B4", "P62"},
      {Fault::B5QueueFlagsStick, "B5", "P63"},
      {Fault::B6QueueNotReset, "B6", "P63"},
      {Fault::B7FreedEasInvalid, "B7", "P14"},
      {Fault::B8RemoteVpWithoutSize, "B8", "P32, P58"},
      {Fault::B9ScrubWithoutOrder, "B9", "P42"},
      {Fault::B10ResetKeepsSubpages, "B10", "P36, P65"},
      {Fault::B11EndSetLeaks, "B11", "P62"},
      {Fault::B12LockKept, "B12", "CHK-PROG"},
      {Fault::B13FreeChecksWholeOrder, "B13", "P62"},
      {Fault::B14MfrrNotReevaluated, "B14", "CHK-LOSTIPI"},
      {Fault::B15TriggerPages, "B15", "XIVE_GET_IRQ_INFO"},
      {Fault::B17StoreEoiEnabled, "B17", "P2, P5"},
      {Fault::B18ThreadNotReset, "B18", "P33"},
      {Fault::B19IndirectWithoutReadback, "B19", "P46"},
      {Fault::B20ResetWithoutSync, "B20", "P43, P65"},
      {Fault::ConflictIgnored, "CONFLICT", "P40"},
  }};
  return kTable;
}

std::string_view to_string(Fault fault) {
  for (const FaultInfo& info : faults()) {
    if (info.fault == fault) return info.name;
  }
  return "none";
}

}  // namespace xive::opal
