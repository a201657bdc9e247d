// SPDX-License-Identifier: Apache-2.0
/// The POWER9 interrupt controller of one chip: address windows, notify port, ESB pages, indirect
/// TIMA access, over tables, router and presenter.
#pragma once

#include <cstdint>
#include <vector>

#include "sc_models/xive/gen1/registers.h"
#include "sc_models/xive/presenter/memory_service.h"
#include "sc_models/xive/source/source_unit.h"

namespace xive::ic::gen1 {

struct ChipConfig {
  unsigned chip_id = 0;  ///< default block of the HW CAM line
  std::vector<CoreConfig> cores;
  CacheMode caches = CacheMode::Through;
  bool user_ring = false;  ///< K_USER_RING of the TIMAs
};

/// One load or store on the system bus.
struct BusAccess {
  std::uint64_t address = 0;
  unsigned size = 8;  ///< 1, 2, 4, 8
  bool write = false;
  std::uint64_t data = 0;  ///< right-justified big-endian value; result of a load
  unsigned core = 0;       ///< requester, for the TM window: number on the presenter bus
  unsigned thread = 0;
};

/// Error = bus error response, loads return all ones. Whether it is a machine check depends on
/// XiveChip::ci_errors_masked().
enum class BusReply : std::uint8_t { Ok, Error, Unclaimed };

/// What opens the window in which an address lies.
enum class Area : std::uint8_t { None, Ic, Vc, Tm, Pc };

class XiveChip final : public NotifyPort {
 public:
  /// `memory`, `fabric`, `bus` and `control` are not owned and must outlive the chip. The chip adds
  /// itself to the fabric; chips are made in ascending order.
  XiveChip(const ChipConfig& config, platform::MemoryPort& memory, Fabric& fabric,
           PresenterBus& bus, TimaControl& control);

  /// The window of this chip that holds `address` now.
  Area area(std::uint64_t address) const {
    if (regs_.vc().contains(address)) return Area::Vc;
    if (regs_.tm(0).contains(address) || regs_.tm(1).contains(address)) return Area::Tm;
    if (regs_.ic().contains(address)) return Area::Ic;
    return regs_.pc().contains(address) ? Area::Pc : Area::None;
  }
  BusReply access(BusAccess& access) { return this->access(access, area(access.address)); }
  /// `area` is that of the address.
  BusReply access(BusAccess& access, Area area);

  /// `x` relative to 0x5013000; false = XSCOM error.
  bool xscom_read(std::uint32_t x, std::uint64_t& value) { return regs_.xscom_read(x, value); }
  bool xscom_write(std::uint32_t x, std::uint64_t value) { return regs_.xscom_write(x, value); }

  /// 64-bit trigger message of a source unit on this chip (same as a store to the notify page).
  void notify(std::uint64_t data) override { router_.message(data); }

  /// Facts for rules, hops for latency, queue entries for an account; each at most one, null
  /// removes it. Not owned.
  void observe(Observer* observer) { env_.observer = observer; }
  void observe_hops(HopObserver* hops) { env_.hops = hops; }
  void observe_queues(QueueObserver* queues) { env_.queues = queues; }
  void set_defect(Defect defect) { env_.defect = defect; }
  /// For source units that belong to this chip.
  Environment& environment() { return env_; }
  FirLog& fir() { return env_.fir; }
  const FirLog& fir() const { return env_.fir; }
  Registers& registers() { return regs_; }
  bool ci_errors_masked() const { return regs_.ci_errors_masked(); }

  Router& router() { return router_; }
  Tables& tables() { return tables_; }
  Presenter& presenter() { return presenter_; }

 private:
  BusReply error(BusAccess& access, FirId id, std::uint64_t detail);
  BusReply ic_access(BusAccess& access, std::uint64_t offset);
  BusReply notify_access(BusAccess& access, std::uint64_t offset);
  BusReply indirect_access(BusAccess& access, unsigned page, std::uint64_t offset);
  BusReply tima_access(BusAccess& access, unsigned core, unsigned thread, unsigned page,
                       std::uint64_t offset);
  BusReply vc_access(BusAccess& access, std::uint64_t offset);
  BusReply source_page(BusAccess& access, std::uint64_t vc_offset, unsigned blk, std::uint32_t idx,
                       EsbPageKind page, std::uint64_t offset);
  BusReply end_page(BusAccess& access, std::uint64_t vc_offset, unsigned blk, std::uint32_t idx,
                    bool escalation, std::uint64_t offset);

  Environment env_;
  Tables tables_;
  Presenter presenter_;
  Router router_;
  Registers regs_;
};

}  // namespace xive::ic::gen1
