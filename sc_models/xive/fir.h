// SPDX-License-Identifier: Apache-2.0
/// What the hardware would flag in its fault isolation registers. Nothing here stops the model:
/// the event is dropped or the access answered with all ones, and the fault is counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace xive::ic {

enum class FirId : std::uint8_t {
  VsdRejected,        ///< VSD write refused (xive-chip.md 4.2); detail = VSD
  VsdMissing,         ///< lookup in a table without a usable VSD
  VsdOutOfRange,      ///< index beyond the table
  VsdNotProvisioned,  ///< indirect sub-page VSD is zero
  VsdBadSubpage,      ///< indirect sub-page VSD malformed (mode, nesting, size, alignment)
  TableBusError,      ///< a table or sub-page in memory could not be reached; detail = address
  ForwardNoTarget,    ///< forward VSD names no chip; detail = address
  ForwardLoop,        ///< a message was forwarded too often between chips
  EasInvalid,         ///< detail = blk << 28 | idx, as in all table faults
  EndInvalid,
  EndFormat,     ///< END asks for something illegal (crowd without ignore, backlog with F=1)
  EndPriority,   ///< F=0 priority neither 0..7 nor 0xff
  EndQueueSize,  ///< QSIZE beyond 16 MiB or PAGE_OFF beyond the queue
  EqBusError,    ///< event queue outside memory; detail = address
  EscalationLoop,
  NvtInvalid,
  MultiMatch,       ///< more than one thread matched a directed notification
  GroupGen1,        ///< group notification on generation 1
  PresentLivelock,  ///< PRESENT refused again and again; the event went to the backlog
  TriggerPageLoad,
  EsbStore,          ///< store to an ESB offset that takes none (store EOI off, END pages)
  EndPageLoad,       ///< ESB access to an END that is invalid
  EdtInvalid,        ///< VC access to a set of type 0
  CiBadAddress,      ///< unmapped page, PC BAR page, write-only page loaded
  CiBadSize,         ///< access size or alignment not implemented
  IndirectInvalid,   ///< indirect TIMA access without a valid selector
  NoThread,          ///< enable or indirect access to a thread that does not exist
  TimaError,         ///< a TIMA reported an error code; detail = core << 16 | thread << 8 | code
  UnlistedRegister,  ///< access to a register the specification does not list; detail = offset
  XscomBadAddress,
  kCount
};

inline constexpr std::size_t kFirIds = static_cast<std::size_t>(FirId::kCount);

std::string_view to_string(FirId id);

struct FirEvent {
  FirId id;
  std::uint64_t detail;
};

/// Counts every fault; keeps the first kKept in full, and the first of each kind. Reporting never
/// allocates.
class FirLog {
 public:
  static constexpr std::size_t kKept = 256;

  FirLog() { events_.reserve(kKept); }
  void report(FirId id, std::uint64_t detail) {
    const auto index = static_cast<std::size_t>(id);
    if (counts_[index]++ == 0) firsts_[index] = detail;
    if (++total_ <= kKept) keep({id, detail});
  }
  std::uint64_t count(FirId id) const { return counts_[static_cast<std::size_t>(id)]; }
  /// Detail of the first one; 0 while there is none.
  std::uint64_t first(FirId id) const { return firsts_[static_cast<std::size_t>(id)]; }
  std::uint64_t total() const { return total_; }
  std::span<const FirEvent> events() const { return events_; }
  void clear() {
    counts_.fill(0);
    firsts_.fill(0);
    total_ = 0;
    events_.clear();
  }

 private:
  void keep(const FirEvent& event);

  std::array<std::uint64_t, kFirIds> counts_{}, firsts_{};
  std::uint64_t total_ = 0;
  std::vector<FirEvent> events_;
};

/// Detail word of faults that concern one table entry.
constexpr std::uint64_t entry_detail(unsigned blk, std::uint32_t idx) {
  return static_cast<std::uint64_t>(blk) << 28U | idx;
}

}  // namespace xive::ic
