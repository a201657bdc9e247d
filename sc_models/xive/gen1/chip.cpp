// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/gen1/chip.h"

#include <bit>

#include "sc_models/xive/gen1/structures.h"

namespace xive::ic::gen1 {

XiveChip::XiveChip(const ChipConfig& config, platform::MemoryPort& memory, Fabric& fabric,
                   PresenterBus& bus, TimaControl& control)
    : env_(memory, static_cast<std::uint8_t>(fabric.chips().size())),
      tables_(env_, kGeneration, config.caches),
      presenter_(env_, bus, fabric.searches(), config.user_ring),
      router_(env_, tables_, presenter_, fabric),
      regs_(env_, tables_, router_, fabric, control, config.chip_id, config.cores) {
  fabric.add({router_, tables_});
}

BusReply XiveChip::error(BusAccess& access, FirId id, std::uint64_t detail) {
  env_.fir.report(id, detail);
  if (!access.write) access.data = all_ones(access.size);
  return BusReply::Error;
}

BusReply XiveChip::access(BusAccess& access, Area area) {
  if (area == Area::None) return BusReply::Unclaimed;
  const std::uint64_t address = access.address;
  const unsigned size = access.size;
  const bool size_ok = size != 0 && size <= 8 && (size & (size - 1)) == 0;
  if (!size_ok || (address & (size - 1U)) != 0) return error(access, FirId::CiBadSize, address);
  if (access.write) access.data &= all_ones(size);
  switch (area) {
    case Area::Vc:
      return vc_access(access, address - regs_.vc().base());
    case Area::Ic:
      return ic_access(access, address - regs_.ic().base());
    case Area::Tm: {
      const auto& tm = regs_.tm(regs_.tm(0).contains(address) ? 0 : 1);
      const std::uint64_t offset = address - tm.base();
      return tima_access(access, access.core, access.thread,
                         static_cast<unsigned>(offset >> tm.page_shift()),
                         offset & ((std::uint64_t{1} << tm.page_shift()) - 1U));
    }
    default:
      // VP window: for other chips only, and they go through ChipNode; what a load would do is
      // unknown.
      return error(access, FirId::CiBadAddress, address);
  }
}

// ---- IC BAR
// --------------------------------------------------------------------------------------

BusReply XiveChip::ic_access(BusAccess& access, std::uint64_t offset) {
  const unsigned shift = regs_.ic().page_shift();
  const auto page = static_cast<unsigned>(offset >> shift);
  const std::uint64_t at = offset & ((std::uint64_t{1} << shift) - 1U);
  if (page == 1) return notify_access(access, at);
  if (page >= 4) return indirect_access(access, page - 4U, at);
  if (page != 0 || at >= 0x1000) return error(access, FirId::CiBadAddress, access.address);
  const auto reg = static_cast<std::uint16_t>(at & ~7U);
  const bool ok = access.size == 8 || env_.broken(Defect::RegisterAcceptsSmall);
  if (env_.observer != nullptr) {
    env_.observer->on_register({reg, static_cast<std::uint8_t>(access.size), access.write, !ok});
  }
  if (!ok) return error(access, FirId::CiBadSize, access.address);
  if (access.write) {
    regs_.write(reg, access.data);
  } else {
    access.data = regs_.read(reg) & all_ones(access.size);
  }
  return BusReply::Ok;
}

BusReply XiveChip::notify_access(BusAccess& access, std::uint64_t offset) {
  if (!access.write || offset >= 0x1000) return error(access, FirId::CiBadAddress, access.address);
  if (offset < 0xc00) {
    if (offset >= 0xa80) return error(access, FirId::CiBadAddress, access.address);
    if (access.size != 8) return error(access, FirId::CiBadSize, access.address);
    router_.message(access.data);
    return BusReply::Ok;
  }
  switch (offset & ~std::uint64_t{0x7f}) {
    case 0xc00:
      regs_.request_sync(reg::kSyncIpi);
      break;
    case 0xc80:
      regs_.request_sync(reg::kSyncHw);
      break;
    case 0xd00:
      regs_.request_sync(reg::kSyncEsc1);
      break;
    case 0xd80:
      regs_.request_sync(reg::kSyncEsc2);
      break;
    case 0xe00:
      regs_.request_sync(reg::kSyncRedist);
      break;
    default:
      break;  // PC syncs: nothing is ever pending there
  }
  return BusReply::Ok;
}

BusReply XiveChip::tima_access(BusAccess& access, unsigned core, unsigned thread, unsigned page,
                               std::uint64_t offset) {
  tima::MmioRequest request;
  request.thread = static_cast<std::uint8_t>(thread);
  request.page = static_cast<tima::Page>(page & 3U);
  request.offset = static_cast<std::uint16_t>(offset);
  request.write = access.write;
  request.size_log2 = static_cast<std::uint8_t>(std::countr_zero(access.size));
  request.wdata = access.write ? access.data : 0;
  const tima::MmioResponse response = regs_.control().mmio(core, request);
  if (response.code != tima::ErrorCode::None) {
    env_.fir.report(FirId::TimaError, static_cast<std::uint64_t>(core) << 16U | thread << 8U |
                                          static_cast<unsigned>(response.code));
  }
  if (!access.write) access.data = response.rdata & all_ones(access.size);
  return response.err ? BusReply::Error : BusReply::Ok;
}

BusReply XiveChip::indirect_access(BusAccess& access, unsigned page, std::uint64_t offset) {
  const std::uint64_t selector = regs_.indirect();
  const auto pir7 = static_cast<std::uint16_t>(reg::kIndirThread.get(selector));
  const auto& thread = regs_.thread(pir7);
  const bool valid = (selector & reg::kIndirValid) != 0;
  if (env_.observer != nullptr) {
    env_.observer->on_indirect({regs_.indirect_written(), !valid || !thread.exists, pir7});
  }
  if (!valid) return error(access, FirId::IndirectInvalid, access.address);
  if (!thread.exists) return error(access, FirId::NoThread, pir7);
  return tima_access(access, thread.core, thread.thread, page, offset);
}

// ---- VC BAR
// --------------------------------------------------------------------------------------

BusReply XiveChip::vc_access(BusAccess& access, std::uint64_t offset) {
  const auto& vc = regs_.vc();
  // Of 64 sets; the size of the window is a power of two.
  const unsigned set_shift = vc.size_log2() - 6U;
  const std::uint64_t set_size = std::uint64_t{1} << set_shift;
  const std::uint64_t set = offset >> set_shift;
  const std::uint64_t entry = regs_.edt(static_cast<unsigned>(set));
  const std::uint64_t type = reg::edt::kType.get(entry);
  const std::uint64_t index = env_.broken(Defect::EdtIndexIgnored)
                                  ? (type == reg::edt::kEq ? set - 48 : set) & 0x3fU
                                  : reg::edt::kIndex.get(entry);
  const std::uint64_t r = (index << set_shift) + (offset & (set_size - 1U));
  const unsigned shift = vc.page_shift();
  const bool single = regs_.single_page_sources() && type == reg::edt::kIpi;
  const auto idx = static_cast<std::uint32_t>(r >> (single ? shift : shift + 1U));
  const auto page = static_cast<std::uint8_t>(single ? 1U : r >> shift & 1U);
  const std::uint64_t at = r & ((std::uint64_t{1} << shift) - 1U);
  const auto blk = static_cast<unsigned>(reg::edt::kBlk.get(entry));
  const bool known = type == reg::edt::kIpi || type == reg::edt::kEq;
  if (env_.observer != nullptr) {
    env_.observer->on_vc_decode(
        {offset, set_size, entry, shift == 12, known, type == reg::edt::kEq, idx, page});
  }
  if (!known) return error(access, FirId::EdtInvalid, offset);
  if (type == reg::edt::kEq) {
    const bool escalation = (page != 0) != env_.broken(Defect::EndPageSwapped);
    return end_page(access, offset, blk, idx, escalation, at);
  }
  return source_page(access, offset, blk, idx,
                     page == 0 ? EsbPageKind::Trigger : EsbPageKind::Management, at);
}

BusReply XiveChip::source_page(BusAccess& access, std::uint64_t vc_offset, unsigned blk,
                               std::uint32_t idx, EsbPageKind page, std::uint64_t offset) {
  const EsbFeatures features{.store_eoi = regs_.store_eoi()};
  EsbAction action = decode_esb(page, access.write, offset, features);
  if (action.kind == EsbAction::Kind::Error) {
    if (env_.broken(Defect::B16TriggerPageLoadActs) && page == EsbPageKind::Trigger) {
      action = {EsbAction::Kind::Pq, PqOp::Trigger};
    } else if (env_.broken(Defect::B17StoreEoiNotGated) && access.write &&
               (offset & 0xfffU) < 0x800U) {
      action = {EsbAction::Kind::Pq, PqOp::Eoi};
    }
  }
  // An EDT entry may name a block of another chip; its owner does the work.
  const ChipNode self{router_, tables_};
  const ChipNode* owner = &self;
  if (tables_.vc().place(Table::Esb, blk) == VsdTable::Place::Forward) {
    const std::uint64_t address = tables_.vc().forward_address(Table::Esb, blk);
    const ChipNode* peer = regs_.fabric().by_notify_page(address);
    if (peer == nullptr) return error(access, FirId::ForwardNoTarget, address);
    owner = peer;
  }
  BusReply reply = BusReply::Ok;
  Tables::PqResult pq;
  if (action.kind != EsbAction::Kind::Pq) {
    reply = error(access, page == EsbPageKind::Trigger ? FirId::TriggerPageLoad : FirId::EsbStore,
                  entry_detail(blk, idx));
  } else if (pq = owner->tables.step_esb(blk, idx, action.op); pq.ok) {
    if (!access.write) {
      access.data = page == EsbPageKind::Trigger ? all_ones(access.size)
                                                 : esb_load_value(action.op, pq.before, pq.forward);
    }
  } else {
    if (!access.write) access.data = all_ones(access.size);
    reply = BusReply::Error;  // reported by the lookup
  }
  if (env_.observer != nullptr) {
    env_.observer->on_esb_access({.place = PqPlace::Source,
                                  .page = page,
                                  .blk = static_cast<std::uint8_t>(blk),
                                  .idx = idx,
                                  .vc_offset = vc_offset,
                                  .offset = static_cast<std::uint16_t>(offset),
                                  .size = static_cast<std::uint8_t>(access.size),
                                  .write = access.write,
                                  .store_eoi = features.store_eoi,
                                  .error = reply != BusReply::Ok,
                                  .has_pq = pq.ok,
                                  .forwarded = pq.forward,
                                  .before = pq.before,
                                  .after = pq.after,
                                  .result = access.data});
  }
  if (pq.forward && !env_.broken(Defect::PqForwardLost)) owner->router.trigger_eas(blk, idx, true);
  return reply;
}

BusReply XiveChip::end_page(BusAccess& access, std::uint64_t vc_offset, unsigned blk,
                            std::uint32_t idx, bool escalation, std::uint64_t offset) {
  const EsbAction action = decode_esb(EsbPageKind::End, access.write, offset, {});
  if (action.kind != EsbAction::Kind::Pq) {
    return error(access, FirId::EsbStore, entry_detail(blk, idx));
  }
  const ChipNode self{router_, tables_};
  const ChipNode* owner = &self;
  if (tables_.vc().place(Table::End, blk) == VsdTable::Place::Forward) {
    const std::uint64_t address = tables_.vc().forward_address(Table::End, blk);
    const ChipNode* peer = regs_.fabric().by_notify_page(address);
    if (peer == nullptr) return error(access, FirId::ForwardNoTarget, address);
    owner = peer;
  }
  const auto pq = owner->tables.step_end(blk, idx, escalation, action.op);
  // Firmware loads from invalid ENDs after a scrub: all ones, but no bus error.
  if (!pq.ok) env_.fir.report(FirId::EndPageLoad, entry_detail(blk, idx));
  access.data = pq.ok ? esb_load_value(action.op, pq.before, pq.forward) : all_ones(access.size);
  if (env_.observer != nullptr) {
    EsbAccessEvent event{.place = escalation ? PqPlace::EndEscalate : PqPlace::EndNotify,
                         .page = EsbPageKind::End,
                         .blk = static_cast<std::uint8_t>(blk),
                         .idx = idx,
                         .vc_offset = vc_offset,
                         .offset = static_cast<std::uint16_t>(offset),
                         .size = static_cast<std::uint8_t>(access.size),
                         .write = false,
                         .has_pq = pq.ok,
                         .forwarded = pq.forward,
                         .before = pq.before,
                         .after = pq.after,
                         .result = access.data};
    env_.observer->on_esb_access(event);
  }
  if (pq.ok && pq.forward) owner->router.rerun_end(blk, idx, escalation);
  return BusReply::Ok;
}

}  // namespace xive::ic::gen1
