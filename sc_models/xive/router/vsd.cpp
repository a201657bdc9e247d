// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/vsd.h"

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
  tops_[table][blk] = descriptor;
  kill();
  return true;
}

void VsdTable::kill() {
  for (Cached& entry : cache_) entry.key = ~std::uint64_t{0};
}

bool VsdTable::sub_page(Table table, unsigned blk, std::uint64_t top, std::uint64_t number,
                        std::uint64_t& descriptor, std::uint32_t idx) {
  const std::uint64_t key = (static_cast<std::uint64_t>(table) << 8U | blk) << 40U | number;
  Cached& cached = cache_[(number * 7U + static_cast<std::uint64_t>(table) * 13U + blk) % kCached];
  if (cached.key == key) {
    descriptor = cached.descriptor;
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
      cached.key = key;
      cached.descriptor = descriptor;
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
  if (!legal) {
    cached.key = ~std::uint64_t{0};
    env_.fir.report(FirId::VsdBadSubpage, descriptor);
  }
  return legal;
}

VsdTable::Entry VsdTable::lookup(Table table, unsigned blk, std::uint32_t idx) {
  const std::uint64_t descriptor = top(table, blk);
  if (place(table, blk) != Place::Local) {
    return fail(FirId::VsdMissing, entry_detail(blk, idx));
  }
  const unsigned size = entry_bytes_[static_cast<unsigned>(table)];
  const std::uint64_t bytes = vsd::bytes(descriptor);
  const std::uint64_t base = descriptor & vsd::kAddress;
  VsdEvent event{.pc = pc_,
                 .table = static_cast<std::uint8_t>(table),
                 .blk = static_cast<std::uint8_t>(blk),
                 .idx = idx,
                 .entry_bytes = size,
                 .top = descriptor};
  Entry entry;
  if ((descriptor & vsd::kIndirect) == 0) {
    const std::uint64_t entries = size == 0 ? bytes * 4U : bytes / size;
    const std::uint64_t slack = env_.broken(Defect::VsdOffByOne) ? 1 : 0;
    if (idx < entries + slack) {
      entry = {true, base + (size == 0 ? idx / 4U : std::uint64_t{idx} * size)};
    } else {
      env_.fir.report(FirId::VsdOutOfRange, entry_detail(blk, idx));
    }
  } else {
    // One size field serves the table of descriptors and its sub-pages (xive-chip.md 4.3, 5).
    const std::uint64_t per_page = size == 0 ? bytes * 4U : bytes / size;
    const std::uint64_t number = idx / per_page;
    const auto rest = static_cast<std::uint64_t>(idx % per_page);
    event.sub_address = base + 8U * number;
    if (number >= bytes / 8U) {
      env_.fir.report(FirId::VsdOutOfRange, entry_detail(blk, idx));
    } else if (sub_page(table, blk, descriptor, number, event.sub, idx)) {
      std::uint64_t page = event.sub & vsd::kAddress;
      if (env_.broken(Defect::FirmwareBitInAddress)) page |= event.sub & vsd::kFirmware;
      entry = {true, page + (size == 0 ? rest / 4U : rest * size)};
    }
  }
  if (env_.observer != nullptr) {
    event.ok = entry.ok;
    event.address = entry.address;
    env_.observer->on_vsd(event);
  }
  return entry;
}

std::optional<std::uint64_t> VsdTable::peek(Table table, unsigned blk, std::uint32_t idx) const {
  const std::uint64_t descriptor = top(table, blk);
  if (place(table, blk) != Place::Local) return std::nullopt;
  const unsigned size = entry_bytes_[static_cast<unsigned>(table)];
  const std::uint64_t per_page =
      size == 0 ? vsd::bytes(descriptor) * 4U : vsd::bytes(descriptor) / size;
  std::uint64_t page = descriptor & vsd::kAddress;
  if ((descriptor & vsd::kIndirect) != 0) {
    const std::uint64_t number = idx / per_page;
    if (number >= vsd::bytes(descriptor) / 8U) return std::nullopt;
    const auto word = platform::load_be<8>(env_.memory, page + 8U * number);
    if (!word || vsd::kMode.get(*word) != vsd::kExclusive) return std::nullopt;
    page = *word & vsd::kAddress;
    idx = static_cast<std::uint32_t>(idx % per_page);
  } else if (idx >= per_page) {
    return std::nullopt;
  }
  return page + (size == 0 ? idx / 4U : std::uint64_t{idx} * size);
}

}  // namespace xive::ic
