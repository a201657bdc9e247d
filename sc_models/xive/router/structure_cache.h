// SPDX-License-Identifier: Apache-2.0
/// Write-back cache of one kind of table entries: it holds updates until a scrub or an eviction, so
/// that firmware which forgets a scrub sees stale memory as it would on hardware.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sc_models/xive/environment.h"

namespace xive::ic {

class StructureCache {
 public:
  static constexpr unsigned kMaxBytes = 64;

  StructureCache(Environment& env, unsigned entry_bytes)
      : env_(env), bytes_(entry_bytes), lines_(kSets) {}

  /// Reads the first `out.size()` bytes of the entry at `address`; false = bus error.
  bool read(unsigned blk, std::uint32_t idx, std::uint64_t address, std::span<std::uint8_t> out);
  bool write(unsigned blk, std::uint32_t idx, std::uint64_t address, unsigned offset,
             std::span<const std::uint8_t> in);

  /// Writes back (and drops, if asked) every line whose tag equals blk/idx under the masks.
  void scrub(unsigned blk, unsigned blk_mask, std::uint32_t idx, std::uint32_t idx_mask,
             bool invalidate);
  /// Some line under the masks is newer than memory.
  bool dirty(unsigned blk, unsigned blk_mask, std::uint32_t idx, std::uint32_t idx_mask) const;

 private:
  static constexpr unsigned kSets = 128;
  struct Line {
    bool valid = false, dirty = false;
    std::uint8_t blk = 0;
    std::uint32_t idx = 0;
    std::uint64_t address = 0;
    std::array<std::uint8_t, kMaxBytes> data{};
  };

  Line* line_for(unsigned blk, std::uint32_t idx, std::uint64_t address);
  void write_back(Line& line);

  Environment& env_;
  unsigned bytes_;
  std::vector<Line> lines_;
};

}  // namespace xive::ic
