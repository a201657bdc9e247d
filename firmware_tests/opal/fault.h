// SPDX-License-Identifier: Apache-2.0
/// Faulty variants of the firmware: one at a time, chosen at run time. Each is a bug that real
/// firmware once had (numbers of xive-chip.md 9.2) or one that a caller must be able to notice.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace xive::opal {

enum class Fault : std::uint8_t {
  None,
  B1MarkerAsIrq,               ///< exhausted chip: ALLOCATE_IRQ gives 0xffffffff
  B2AnyChipIsFirst,            ///< "any chip" does not look at the other chips
  B3EscalationSkipsEnd6,       ///< single escalation set up for ENDs 0 to 5 only
  B4FreeKeepsEnd7,             ///< FREE_VP_BLOCK cleans ENDs 0 to 6 only
  B5QueueFlagsStick,           ///< notify and escalate can be set, not cleared
  B6QueueNotReset,             ///< an enabled queue keeps generation and index
  B7FreedEasInvalid,           ///< FREE_IRQ leaves an invalid EAS
  B8RemoteVpWithoutSize,       ///< forward VSD of remote NVTs without TSIZE
  B9ScrubWithoutOrder,         ///< END scrub not followed by the ordering load
  B10ResetKeepsSubpages,       ///< RESET forgets donated pages but the tables still name them
  B11EndSetLeaks,              ///< END set stays taken when its page could not be provided
  B12LockKept,                 ///< SET_VP_INFO returns an error with the lock held
  B13FreeChecksWholeOrder,     ///< alignment of FREE_VP_BLOCK ignores the split over chips
  B14MfrrNotReevaluated,       ///< INT_SET_CPPR does not look at MFRR
  B15TriggerPages,             ///< no trigger page for PHB MSIs, one for escalations
  B17StoreEoiEnabled,          ///< store EOI switched on although loads do not order with it
  B18ThreadNotReset,           ///< RESET does not reset the thread contexts
  B19IndirectWithoutReadback,  ///< indirect TIMA access right behind the selector write
  B20ResetWithoutSync,         ///< RESET masks sources and cleans queues without a sync
  ConflictIgnored,             ///< SET_QUEUE_STATE: a cache-watch conflict is taken for success
  kCount
};

struct FaultInfo {
  Fault fault;
  std::string_view name;       ///< e.g. "B1"
  std::string_view caught_by;  ///< properties or checks of the specification: "P61, CHK-RC"
};

/// All faults except None.
const std::array<FaultInfo, static_cast<std::size_t>(Fault::kCount) - 1>& faults();
std::string_view to_string(Fault fault);

}  // namespace xive::opal
