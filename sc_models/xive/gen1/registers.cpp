// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/gen1/registers.h"

#include <bit>
#include <utility>

namespace xive::ic::gen1 {

Registers::Registers(Environment& env, Tables& tables, Router& router, Fabric& fabric,
                     TimaControl& control, unsigned chip_id, std::vector<CoreConfig> cores)
    : control_(control),
      fabric_(fabric),
      env_(env),
      tables_(tables),
      router_(router),
      chip_id_(chip_id),
      cores_(std::move(cores)),
      enables_(cores_.size(), 0),
      end_watch_(env, tables, CacheWatch::Target::End),
      vp_watch_(env, tables, CacheWatch::Target::Vp) {
  for (unsigned slot = 0; slot < cores_.size(); ++slot) {
    const CoreConfig& core = cores_[slot];
    for (unsigned t = 0; t < core.threads && t < tima::kMaxThreads; ++t) {
      const unsigned pir7 = core.pir[t] & 0x7fU;
      threads_[pir7] = {true, core.number, static_cast<std::uint8_t>(t)};
      core_slot_[pir7] = static_cast<std::uint8_t>(slot);
    }
  }
  at(reg::kCfgPbGen) = reg::kCfgPbGenReset;
  at(reg::kMsgSnd) = reg::kMsgSndCores;
  router_.set_sync_sink(*this);
  update_block();
}

// ---- XSCOM
// ---------------------------------------------------------------------------------------

bool Registers::xscom_read(std::uint32_t x, std::uint64_t& value) {
  if (x >= reg::kXscomCount) {
    env_.fir.report(FirId::XscomBadAddress, x);
    value = ~std::uint64_t{0};
    return false;
  }
  if (const auto offset = reg::from_xscom(x)) {
    value = read(*offset);
  } else {
    env_.fir.report(FirId::UnlistedRegister, x | 0x10000U);
    value = xscom_only_[x];
  }
  return true;
}

bool Registers::xscom_write(std::uint32_t x, std::uint64_t value) {
  if (x >= reg::kXscomCount) {
    env_.fir.report(FirId::XscomBadAddress, x);
    return false;
  }
  if (const auto offset = reg::from_xscom(x)) {
    write(*offset, value);
  } else {
    env_.fir.report(FirId::UnlistedRegister, x | 0x10000U);
    xscom_only_[x] = value;
  }
  return true;
}

// ---- MMIO
// ----------------------------------------------------------------------------------------

std::uint64_t Registers::read(std::uint16_t offset) {
  if (!reg::listed(offset)) env_.fir.report(FirId::UnlistedRegister, offset);
  if (offset >= reg::kVpcWatchDat0 && offset <= reg::kVpcWatchDat7) {
    return vp_watch_.read_data((offset - reg::kVpcWatchDat0) / 8U);
  }
  if (offset >= reg::kEqcWatchDat0 && offset <= reg::kEqcWatchDat3) {
    return end_watch_.read_data((offset - reg::kEqcWatchDat0) / 8U);
  }
  switch (offset) {
    case reg::kThreadEn0Set:
    case reg::kThreadEn0Clr:
      return at(reg::kThreadEn0);
    case reg::kThreadEn1Set:
    case reg::kThreadEn1Clr:
      return at(reg::kThreadEn1);
    case reg::kFirMaskAnd:
    case reg::kFirMaskOr:
      return at(reg::kFirMask);
    case reg::kEqcConfig:
      if (env_.observer != nullptr) {
        env_.observer->on_sync({SyncEvent::Kind::Read, sync_done_, 0});
      }
      return at(offset) | sync_done_;
    case reg::kEqcWatchSpec:
      return read_watch_spec(end_watch_, offset);
    case reg::kVpcWatchSpec:
      return read_watch_spec(vp_watch_, offset);
    case reg::kPcAtKill:
    case reg::kVcAtKill:
    case reg::kVpcScrubTrig:
    case reg::kEqcScrubTrig:
    case reg::kIvcScrubTrig:
    case reg::kSbcScrubTrig:
      if (env_.observer != nullptr) {
        env_.observer->on_poll({offset, false, (at(offset) & reg::kPollValid) != 0, false});
      }
      return at(offset);
    default:
      return at(offset);
  }
}

void Registers::write(std::uint16_t offset, std::uint64_t value) {
  if (!reg::listed(offset)) env_.fir.report(FirId::UnlistedRegister, offset);
  if (offset >= reg::kVpcWatchDat0 && offset <= reg::kVpcWatchDat7) {
    return vp_watch_.write_data((offset - reg::kVpcWatchDat0) / 8U, value);
  }
  if (offset >= reg::kEqcWatchDat0 && offset <= reg::kEqcWatchDat3) {
    return end_watch_.write_data((offset - reg::kEqcWatchDat0) / 8U, value);
  }
  switch (offset) {
    case reg::kMsgSnd:
      return;  // says which cores exist
    case reg::kIcBar:
    case reg::kTm1Bar:
    case reg::kTm2Bar:
    case reg::kPcBar:
    case reg::kVcBar:
    case reg::kPbiCtl:
      at(offset) = value;
      return update_windows();
    case reg::kPcBarm:
      at(offset) = value & reg::kPcBarmMask;
      return update_windows();
    case reg::kVcBarm:
      at(offset) = value & reg::kVcBarmMask;
      return update_windows();
    case reg::kSbcConfig:
      at(offset) = value;
      store_eoi_ = (value & reg::kStoreEoi) == reg::kStoreEoi;
      return;
    case reg::kRstCtl:
      at(offset) = value & ~reg::kRstBars;
      if ((value & reg::kRstBars) != 0) {
        for (const auto bar : {reg::kIcBar, reg::kTm1Bar, reg::kTm2Bar, reg::kPcBar, reg::kVcBar}) {
          at(bar) &= ~reg::kBarValid;
        }
        update_windows();
      }
      return;
    case reg::kTdr:
      return write_tdr(value);
    case reg::kFirMaskAnd:
      at(reg::kFirMask) &= value;
      return;
    case reg::kFirMaskOr:
      at(reg::kFirMask) |= value;
      return;
    case reg::kTctxtCfg:
      at(offset) = value;
      return update_block();
    case reg::kIndir0:
      indirect_ = env_.broken(Defect::B19IndirectUsesOldThread) ? at(offset) : value;
      at(offset) = value;
      return;
    case reg::kThreadEn0:
      return write_enable(0, value);
    case reg::kThreadEn0Set:
      return write_enable(0, at(reg::kThreadEn0) | value);
    case reg::kThreadEn0Clr:
      return write_enable(0, at(reg::kThreadEn0) & ~value);
    case reg::kThreadEn1:
      return write_enable(1, value);
    case reg::kThreadEn1Set:
      return write_enable(1, at(reg::kThreadEn1) | value);
    case reg::kThreadEn1Clr:
      return write_enable(1, at(reg::kThreadEn1) & ~value);
    case reg::kPcVsdData:
      at(offset) = value;
      return write_vsd(true, value);
    case reg::kVcVsdData:
      at(offset) = value;
      return write_vsd(false, value);
    case reg::kPcAtKill:
    case reg::kVcAtKill:
    case reg::kVpcScrubTrig:
    case reg::kEqcScrubTrig:
    case reg::kIvcScrubTrig:
    case reg::kSbcScrubTrig:
      return start_poll(offset, value);
    case reg::kVpcWatchSpec:
      at(offset) = value & ~reg::kWatchConflict;
      return vp_watch_.arm(static_cast<unsigned>(reg::kVpcBlock.get(value)),
                           static_cast<std::uint32_t>(reg::kVpcOffset.get(value)),
                           (value & reg::kWatchFull) != 0);
    case reg::kEqcWatchSpec:
      at(offset) = value & ~reg::kWatchConflict;
      return end_watch_.arm(static_cast<unsigned>(reg::kEqcBlock.get(value)),
                            static_cast<std::uint32_t>(reg::kEqcOffset.get(value)),
                            (value & reg::kWatchFull) != 0);
    case reg::kEqcConfig:
      at(offset) = value & ~reg::kSyncBits;
      if (!env_.broken(Defect::SyncBitsStick)) sync_done_ &= value;  // only hardware sets them
      router_.set_settings(
          {.enable_u = (value & reg::kEnableU) != 0, .enable_s = (value & reg::kEnableS) != 0});
      if (env_.observer != nullptr) {
        env_.observer->on_sync({SyncEvent::Kind::Clear, sync_done_ & ~value, 0});
      }
      return;
    default:
      at(offset) = value;
      return;
  }
}

// ---- Windows and sets
// ----------------------------------------------------------------------------

void Registers::update_windows() {
  ++windows_version_;
  const auto fixed = [&](std::uint16_t bar, unsigned pages_log2) {
    const std::uint64_t value = at(bar);
    if ((value & reg::kBarValid) == 0) return Window();
    const unsigned shift = (value & reg::kBar64K) != 0 ? 16U : 12U;
    return Window(value & reg::kBarAddress.mask(), pages_log2 + shift, shift);
  };
  // The lowest mask bit that takes part in the comparison is the size.
  const auto masked = [&](std::uint16_t bar, std::uint16_t barm, unsigned default_log2,
                          bool large_pages) {
    if ((at(bar) & reg::kBarValid) == 0) return Window();
    const std::uint64_t mask = at(barm);
    const unsigned size_log2 =
        mask == 0 ? default_log2 : static_cast<unsigned>(std::countr_zero(mask));
    const std::uint64_t base = at(bar) & reg::kBarAddress.mask();
    return Window(base >> size_log2 << size_log2, size_log2, large_pages ? 16U : 12U);
  };
  ic_ = fixed(reg::kIcBar, 3);
  tm_[0] = fixed(reg::kTm1Bar, 2);
  tm_[1] = fixed(reg::kTm2Bar, 2);
  const std::uint64_t pbi = at(reg::kPbiCtl);
  single_page_sources_ = (pbi & reg::kPbiLnxTrig) != 0;
  pc_ = masked(reg::kPcBar, reg::kPcBarm, 38, (pbi & reg::kPbiPc64K) != 0);
  vc_ = masked(reg::kVcBar, reg::kVcBarm, 43, (pbi & reg::kPbiVc64K) != 0);
  fabric_.open(env_.chip,
               ic_.valid() ? ic_.base() + (std::uint64_t{1} << ic_.page_shift()) : Fabric::kNowhere,
               pc_.valid() ? pc_.base() : Fabric::kNowhere);
}

void Registers::write_tdr(std::uint64_t value) {
  at(reg::kTdr) = value;
  std::uint64_t& tar = at(reg::kTar);
  const std::uint64_t before = tar;
  const auto index = static_cast<unsigned>(reg::kTarIndex.get(tar));
  if ((tar & reg::kTarEdt) != 0) {
    edt_[index] = value;
  } else if ((tar & reg::kTarVdt) != 0) {
    vdt_[index % vdt_.size()] = value;
  } else if ((tar & reg::kTarBlk) != 0) {
    blk_[index % blk_.size()] = value;
  } else if ((tar & reg::kTarMig) != 0) {
    mig_[index % mig_.size()] = value;
  } else {
    env_.fir.report(FirId::UnlistedRegister, reg::kTdr);
  }
  if ((tar & reg::kTarAutoInc) != 0 || env_.broken(Defect::TarAlwaysIncrements)) {
    tar = reg::kTarIndex.put(tar, index + 1U);
  }
  if (env_.observer != nullptr) env_.observer->on_table_array({before, tar, value});
}

void Registers::write_vsd(bool pc, std::uint64_t descriptor) {
  const std::uint64_t own = at(pc ? reg::kPcVsdAddr : reg::kVcVsdAddr);
  const std::uint64_t select = env_.broken(Defect::PcSelectShared) ? at(reg::kVcVsdAddr) : own;
  const auto table = static_cast<unsigned>(reg::kVsdSelect.get(select));
  const auto blk = static_cast<unsigned>(reg::kVsdIndex.get(select));
  const bool indirect =
      (at(pc ? reg::kPcGlobalConfig : reg::kVcGlobalConfig) & reg::kGlobalIndirect) != 0;
  VsdTable& tables = pc ? tables_.pc() : tables_.vc();
  const bool accepted = tables.write(table, blk, descriptor, indirect);
  if (env_.observer != nullptr) {
    env_.observer->on_vsd_write({pc, own, descriptor, static_cast<std::uint8_t>(table),
                                 static_cast<std::uint8_t>(blk), accepted});
  }
}

// ---- Threads
// -------------------------------------------------------------------------------------

std::uint8_t Registers::block() const {
  const std::uint64_t config = regs_[reg::kTctxtCfg / 8];
  return static_cast<std::uint8_t>(
      (config & reg::kTctxtOverride) != 0 ? reg::kTctxtChipId.get(config) : chip_id_ & 0xfU);
}

void Registers::update_block() {
  if (block_ == block()) return;
  block_ = block();
  for (const CoreConfig& core : cores_) {
    control_.set_block(core.number, static_cast<std::uint8_t>(block_));
  }
}

void Registers::write_enable(unsigned which, std::uint64_t value) {
  std::uint64_t& enables = at(which == 0 ? reg::kThreadEn0 : reg::kThreadEn1);
  std::uint64_t changed = enables ^ value;
  enables = value;
  while (changed != 0) {
    const auto n = static_cast<unsigned>(std::countl_zero(changed));
    changed &= ~bit64(n);
    const unsigned pir7 = which * 64U + n;
    const Thread& place = threads_[pir7];
    if (!place.exists) {
      env_.fir.report(FirId::NoThread, pir7);
      continue;
    }
    const bool enable = (value & bit64(n)) != 0;
    std::uint8_t& mask = enables_[core_slot_[pir7]];
    mask = static_cast<std::uint8_t>(enable ? mask | 1U << place.thread
                                            : mask & ~(1U << place.thread));
    const bool told = enable || !env_.broken(Defect::B18EnableClearKeepsThread);
    // One call per thread, so that a fall is seen even if a rise follows at once.
    if (told) control_.set_thread_enable(place.core, mask);
    if (env_.observer != nullptr) {
      env_.observer->on_enable({place.core, place.thread, enable, !enable, told});
    }
  }
}

// ---- Scrub, kill, watch, sync
// --------------------------------------------------------------------

bool Registers::scrub(std::uint16_t offset, std::uint64_t value) {
  const bool invalidate = (value & reg::kScrubInval) != 0;
  StructureCaches* const caches = tables_.caches();
  if (caches == nullptr) return false;
  const auto run = [&](StructureCache& cache, Field64 block, Field64 index, std::uint16_t mask_reg,
                       bool drop) {
    const std::uint64_t mask = at(mask_reg);
    const auto blk = static_cast<unsigned>(block.get(value));
    const auto blk_mask = static_cast<unsigned>(block.get(mask));
    const auto idx = static_cast<std::uint32_t>(index.get(value));
    const auto idx_mask = static_cast<std::uint32_t>(index.get(mask));
    cache.scrub(blk, blk_mask, idx, idx_mask, drop);
    return cache.dirty(blk, blk_mask, idx, idx_mask);
  };
  switch (offset) {
    case reg::kVpcScrubTrig:
      return run(caches->vp, reg::kVpcBlock, reg::kVpcOffset, reg::kVpcScrubMask, invalidate);
    case reg::kEqcScrubTrig:
      return run(caches->end, reg::kEqcBlock, reg::kEqcOffset, reg::kEqcScrubMask, invalidate);
    case reg::kIvcScrubTrig:
      return run(caches->eas, reg::kEqcBlock, reg::kEqcOffset, reg::kIvcScrubMask, true);
    default:
      return false;  // the ESB table is always written through
  }
}

void Registers::start_poll(std::uint16_t offset, std::uint64_t value) {
  at(offset) = value;
  if ((value & reg::kPollValid) == 0) return;
  bool dirty = false;
  if (offset == reg::kPcAtKill || offset == reg::kVcAtKill) {
    const bool pc = offset == reg::kPcAtKill;
    if (!env_.broken(Defect::B10KillKeepsSubpage)) (pc ? tables_.pc() : tables_.vc()).kill();
    if (env_.observer != nullptr) env_.observer->on_kill(pc);
  } else {
    dirty = scrub(offset, value);
  }
  if (!env_.broken(Defect::ScrubValidSticks)) at(offset) &= ~reg::kPollValid;
  if (env_.observer != nullptr) {
    env_.observer->on_poll({offset, true, (at(offset) & reg::kPollValid) != 0, dirty});
  }
}

std::uint64_t Registers::read_watch_spec(CacheWatch& watch, std::uint16_t offset) {
  const bool conflict = watch.conflict() || env_.broken(Defect::B28SpecShowsConflict);
  const std::uint64_t value = at(offset) | (conflict ? reg::kWatchConflict : 0U);
  if (env_.observer != nullptr) {
    WatchEvent event;
    event.kind = WatchEvent::Kind::ReadSpec;
    event.nvt = offset == reg::kVpcWatchSpec;
    event.full = (value & reg::kWatchFull) != 0;
    event.conflict = watch.conflict();
    event.spec_value = value;
    env_.observer->on_watch(event);
  }
  return value;
}

void Registers::request_sync(std::uint32_t bit) {
  if (env_.observer != nullptr) env_.observer->on_sync({SyncEvent::Kind::Request, bit, 0});
  router_.sync(bit);
}

void Registers::on_sync_done(std::uint32_t bit, std::uint64_t earlier) {
  sync_done_ |= bit;
  if (env_.observer != nullptr) env_.observer->on_sync({SyncEvent::Kind::Done, bit, earlier});
}

}  // namespace xive::ic::gen1
