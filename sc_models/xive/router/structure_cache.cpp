// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/structure_cache.h"

#include <algorithm>

namespace xive::ic {

void StructureCache::write_back(Line& line) {
  line.dirty = false;
  if (env_.memory.write(line.address, std::span(line.data).first(bytes_))) return;
  env_.fir.report(FirId::TableBusError, line.address);
}

StructureCache::Line* StructureCache::line_for(unsigned blk, std::uint32_t idx,
                                               std::uint64_t address) {
  Line& line = lines_[(idx + blk * 37U) % kSets];
  if (line.valid && line.address == address) return &line;
  if (line.valid && line.dirty) write_back(line);
  line.valid = false;
  if (!env_.memory.read(address, std::span(line.data).first(bytes_))) return nullptr;
  line.valid = true;
  line.blk = static_cast<std::uint8_t>(blk);
  line.idx = idx;
  line.address = address;
  return &line;
}

bool StructureCache::read(unsigned blk, std::uint32_t idx, std::uint64_t address,
                          std::span<std::uint8_t> out) {
  const Line* line = line_for(blk, idx, address);
  if (line == nullptr) return false;
  std::copy_n(line->data.begin(), out.size(), out.begin());
  return true;
}

bool StructureCache::write(unsigned blk, std::uint32_t idx, std::uint64_t address, unsigned offset,
                           std::span<const std::uint8_t> in) {
  Line* line = line_for(blk, idx, address);
  if (line == nullptr) return false;
  std::copy(in.begin(), in.end(), line->data.begin() + offset);
  line->dirty = true;
  return true;
}

void StructureCache::scrub(unsigned blk, unsigned blk_mask, std::uint32_t idx,
                           std::uint32_t idx_mask, bool invalidate) {
  if (env_.broken(Defect::B9ScrubBeforeWriteBack)) return;
  for (Line& line : lines_) {
    if (!line.valid || ((line.blk ^ blk) & blk_mask) != 0 || ((line.idx ^ idx) & idx_mask) != 0) {
      continue;
    }
    if (line.dirty) write_back(line);
    if (invalidate) line.valid = false;
  }
}

bool StructureCache::dirty(unsigned blk, unsigned blk_mask, std::uint32_t idx,
                           std::uint32_t idx_mask) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
    return line.valid && line.dirty && ((line.blk ^ blk) & blk_mask) == 0 &&
           ((line.idx ^ idx) & idx_mask) == 0;
  });
}

}  // namespace xive::ic
