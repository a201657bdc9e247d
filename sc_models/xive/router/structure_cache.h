// SPDX-License-Identifier: Apache-2.0
/// Cache of one kind of table entries. `Through` keeps memory always up to date (the default);
/// `Back` holds updates until a scrub or an eviction, so that firmware which forgets a scrub sees
/// stale memory as it would on hardware.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sc_models/xive/environment.h"

namespace xive::ic {

enum class CacheMode : std::uint8_t { Through, Back };

class StructureCache {
 public:
  static constexpr unsigned kMaxBytes = 64;

  StructureCache(Environment& env, unsigned entry_bytes, CacheMode mode)
      : env_(env), bytes_(entry_bytes), mode_(mode) {
    if (mode == CacheMode::Back) lines_.resize(kSets);
  }

  /// Reads the first `out.size()` bytes of the entry at `address`; false = bus error (reported).
  bool read(unsigned blk, std::uint32_t idx, std::uint64_t address, std::span<std::uint8_t> out) {
    const bool ok = mode_ == CacheMode::Through ? env_.memory.read(address, out)
                                                : read_line(blk, idx, address, out);
    return ok || fail(address);
  }
  bool write(unsigned blk, std::uint32_t idx, std::uint64_t address, unsigned offset,
             std::span<const std::uint8_t> in) {
    const bool ok = mode_ == CacheMode::Through ? env_.memory.write(address + offset, in)
                                                : write_line(blk, idx, address, offset, in);
    return ok || fail(address);
  }

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

  bool read_line(unsigned blk, std::uint32_t idx, std::uint64_t address,
                 std::span<std::uint8_t> out);
  bool write_line(unsigned blk, std::uint32_t idx, std::uint64_t address, unsigned offset,
                  std::span<const std::uint8_t> in);
  bool fail(std::uint64_t address);
  Line* line_for(unsigned blk, std::uint32_t idx, std::uint64_t address);
  bool write_back(Line& line);

  Environment& env_;
  unsigned bytes_;
  CacheMode mode_;
  std::vector<Line> lines_;
};

}  // namespace xive::ic
