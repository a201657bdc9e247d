// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/vsd.h"

#include <algorithm>
#include <bit>

namespace xive::ic {

VsdTable::VsdTable(Environment& env, bool pc, const std::array<std::uint8_t, kTables>& entry_bytes)
    : env_(env), store_(std::make_unique<Store>()) {
  store_->pc = pc;
  store_->entry_bytes = entry_bytes;
}

bool VsdTable::write(unsigned table, unsigned blk, std::uint64_t descriptor,
                     bool indirect_allowed) {
  const std::uint64_t mode = vsd::kMode.get(descriptor);
  const std::uint64_t address = descriptor & vsd::kAddress;
  const bool indirect = (descriptor & vsd::kIndirect) != 0;
  const bool legal = table < kTables && blk < kVsdBlocks && mode >= vsd::kExclusive &&
                     address != 0 && (address & (vsd::bytes(descriptor) - 1U)) == 0 &&
                     (!indirect || (indirect_allowed && vsd::indirect_size(descriptor)));
  if (!legal) {
    env_.fir.report(FirId::VsdRejected, descriptor);
    return false;
  }
  const unsigned quarters = std::max(store_->entry_bytes[table] * 4U, 1U);
  store_->blocks[blk].of_table[table] = {
      .descriptor = descriptor,
      .indirect = indirect,
      .place = mode == vsd::kExclusive ? Place::Local : Place::Forward,
      .entries_log2 =
          static_cast<std::uint8_t>(std::countr_zero(vsd::bytes(descriptor) * 4U / quarters)),
      .entry_quarters_log2 = static_cast<std::uint8_t>(std::countr_zero(quarters))};
  kill();
  return true;
}

void VsdTable::kill() {
  store_->cache.fill({});
}

bool VsdTable::sub_page(Table table, unsigned blk, std::uint64_t top, std::uint64_t number,
                        std::uint64_t& descriptor, std::uint32_t idx) {
  Cached& cached = store_->cache[slot(table, blk, number)];
  const std::uint64_t key = VsdTable::key(table, blk, number);
  if ((cached.key & ~kGood) == key) {
    descriptor = cached.descriptor;
    if (cached.key != key) return true;
  } else {
    const std::uint64_t at = (top & vsd::kAddress) + 8U * number;
    const auto word = platform::load_be<8>(env_.memory, at);
    if (!word) {
      env_.fir.report(FirId::TableBusError, at);
      return false;
    }
    descriptor = *word;
    // Only non-zero entries may be remembered: software provisions pages without any kill.
    if (descriptor != 0 || env_.broken(Defect::SubpageZeroCached)) {
      cached = {key, descriptor};
    }
  }
  if (descriptor == 0) {
    env_.fir.report(FirId::VsdNotProvisioned, entry_detail(blk, idx));
    return false;
  }
  const std::uint64_t address = descriptor & vsd::kAddress;
  const bool legal = vsd::kMode.get(descriptor) == vsd::kExclusive && address != 0 &&
                     (descriptor & vsd::kIndirect) == 0 &&
                     vsd::kTsize.get(descriptor) == vsd::kTsize.get(top) &&
                     (address & (vsd::bytes(descriptor) - 1U)) == 0;
  if (legal) {
    cached.key = key | kGood;
  } else {
    cached = {};
    env_.fir.report(FirId::VsdBadSubpage, descriptor);
  }
  return legal;
}

VsdTable::Entry VsdTable::find(Table table, unsigned blk, std::uint32_t idx) {
  const Block& block = this->block(table, blk);
  if (block.place != Place::Local) return fail(FirId::VsdMissing, entry_detail(blk, idx));
  Entry entry;
  std::uint64_t sub_address = 0, sub = 0;
  if (!block.indirect) {
    const std::uint32_t slack = env_.broken(Defect::VsdOffByOne) && idx != 0 ? 1 : 0;
    if (block.holds(idx - slack)) {
      entry = {true, block.base() + (std::uint64_t{idx} << block.entry_quarters_log2 >> 2U)};
    } else {
      env_.fir.report(FirId::VsdOutOfRange, entry_detail(blk, idx));
    }
  } else {
    // One size field serves the table of descriptors and its sub-pages (xive-chip.md 4.3, 5).
    const std::uint64_t number = block.page(idx);
    sub_address = block.base() + 8U * number;
    if (number >= block.pages()) {
      env_.fir.report(FirId::VsdOutOfRange, entry_detail(blk, idx));
    } else if (sub_page(table, blk, block.descriptor, number, sub, idx)) {
      std::uint64_t page = sub & vsd::kAddress;
      if (env_.broken(Defect::FirmwareBitInAddress)) page |= sub & vsd::kFirmware;
      entry = {true, page + block.offset(idx)};
    }
  }
  if (env_.observer != nullptr) {
    env_.observer->on_vsd({.pc = store_->pc,
                           .table = static_cast<std::uint8_t>(table),
                           .blk = static_cast<std::uint8_t>(blk),
                           .idx = idx,
                           .entry_bytes = store_->entry_bytes[static_cast<unsigned>(table)],
                           .top = block.descriptor,
                           .sub_address = sub_address,
                           .sub = sub,
                           .ok = entry.ok,
                           .address = entry.address});
  }
  return entry;
}

std::optional<std::uint64_t> VsdTable::peek(Table table, unsigned blk, std::uint32_t idx) const {
  const Block& block = this->block(table, blk);
  if (block.place != Place::Local) return std::nullopt;
  if (!block.indirect) {
    if (!block.holds(idx)) return std::nullopt;
    return block.base() + block.offset(idx);
  }
  const std::uint64_t number = block.page(idx);
  if (number >= block.pages()) return std::nullopt;
  const auto word = platform::load_be<8>(env_.memory, block.base() + 8U * number);
  if (!word || vsd::kMode.get(*word) != vsd::kExclusive) return std::nullopt;
  return (*word & vsd::kAddress) + block.offset(idx);
}

}  // namespace xive::ic
