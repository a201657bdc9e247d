// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/vsd.h"

#include <bit>

namespace xive::ic {

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
  const unsigned size = entry_bytes_[table];
  const std::uint64_t bytes = vsd::bytes(descriptor);
  const std::uint64_t entries = size == 0 ? bytes * 4U : bytes / size;
  blocks_[table][blk] = {.descriptor = descriptor,
                         .base = address,
                         .pages = indirect ? bytes / 8U : 0,
                         .entries = entries,
                         .page_shift = static_cast<unsigned>(std::countr_zero(entries)),
                         .place = mode == vsd::kExclusive ? Place::Local : Place::Forward};
  kill();
  return true;
}

void VsdTable::kill() {
  cache_.fill({});
}

bool VsdTable::sub_page(Table table, unsigned blk, std::uint64_t top, std::uint64_t number,
                        std::uint64_t& descriptor, std::uint32_t idx) {
  Cached& cached = cache_[slot(table, blk, number)];
  if (cached.key == key(table, blk, number)) {
    descriptor = cached.descriptor;
    if (cached.good) return true;
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
      cached = {key(table, blk, number), descriptor};
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
    cached.good = true;
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
  if (block.pages == 0) {
    const std::uint64_t slack = env_.broken(Defect::VsdOffByOne) ? 1 : 0;
    if (idx < block.entries + slack) {
      entry = {true, block.base + offset(table, idx)};
    } else {
      env_.fir.report(FirId::VsdOutOfRange, entry_detail(blk, idx));
    }
  } else {
    // One size field serves the table of descriptors and its sub-pages (xive-chip.md 4.3, 5).
    const std::uint64_t number = idx >> block.page_shift;
    sub_address = block.base + 8U * number;
    if (number >= block.pages) {
      env_.fir.report(FirId::VsdOutOfRange, entry_detail(blk, idx));
    } else if (sub_page(table, blk, block.descriptor, number, sub, idx)) {
      std::uint64_t page = sub & vsd::kAddress;
      if (env_.broken(Defect::FirmwareBitInAddress)) page |= sub & vsd::kFirmware;
      entry = {true, page + offset(table, idx & (block.entries - 1U))};
    }
  }
  if (env_.observer != nullptr) {
    env_.observer->on_vsd({.pc = pc_,
                           .table = static_cast<std::uint8_t>(table),
                           .blk = static_cast<std::uint8_t>(blk),
                           .idx = idx,
                           .entry_bytes = entry_bytes_[static_cast<unsigned>(table)],
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
  if (block.pages == 0) {
    if (idx >= block.entries) return std::nullopt;
    return block.base + offset(table, idx);
  }
  const std::uint64_t number = idx >> block.page_shift;
  if (number >= block.pages) return std::nullopt;
  const auto word = platform::load_be<8>(env_.memory, block.base + 8U * number);
  if (!word || vsd::kMode.get(*word) != vsd::kExclusive) return std::nullopt;
  return (*word & vsd::kAddress) + offset(table, idx & (block.entries - 1U));
}

}  // namespace xive::ic
