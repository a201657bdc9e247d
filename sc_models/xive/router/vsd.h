// SPDX-License-Identifier: Apache-2.0
/// Virtual structure descriptors: one engine's copy (VC or PC) and the lookup of (table, block,
/// index) to a physical address, direct or through sub-pages (xive-chip.md 4).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "sc_models/xive/bits.h"
#include "sc_models/xive/environment.h"

namespace xive::ic {

namespace vsd {
inline constexpr Field64 kMode{0, 1};
inline constexpr std::uint64_t kFirmware = bit64(2);
inline constexpr std::uint64_t kAddress = 0x0ffffffffffff000;
inline constexpr std::uint64_t kIndirect = bit64(56);
inline constexpr Field64 kTsize{59, 63};
inline constexpr unsigned kShared = 1, kExclusive = 2, kForward = 3;
constexpr std::uint64_t bytes(std::uint64_t descriptor) {
  return std::uint64_t{4096} << kTsize.get(descriptor);
}
/// Page sizes that indirect tables may have: 4K, 64K, 2M, 16M.
constexpr bool indirect_size(std::uint64_t descriptor) {
  const auto size = kTsize.get(descriptor);
  return size == 0 || size == 4 || size == 9 || size == 12;
}
}  // namespace vsd

/// Tables by their generation 1 select code; generation 2 adds codes behind these.
enum class Table : std::uint8_t { Eas = 0, Esb = 1, End = 2, Vp = 3, Irq = 4 };
inline constexpr unsigned kTables = 5;
inline constexpr unsigned kVsdBlocks = 32;

class VsdTable {
 public:
  struct Entry {
    bool ok = false;
    std::uint64_t address = 0;
  };
  enum class Place : std::uint8_t { Missing, Local, Forward };

  /// `entry_bytes[t]` = bytes of one entry of table t; 0 = four entries per byte (ESB).
  VsdTable(Environment& env, bool pc, const std::array<std::uint8_t, kTables>& entry_bytes)
      : env_(env), pc_(pc), entry_bytes_(entry_bytes) {}

  /// Software writes the descriptor of a block. False (FIR VsdRejected, old value kept) for address
  /// 0, an unaligned address, mode 0 or 1, an illegal indirect size, or indirect where not allowed.
  bool write(unsigned table, unsigned blk, std::uint64_t descriptor, bool indirect_allowed);

  std::uint64_t top(Table table, unsigned blk) const { return block(table, blk).descriptor; }
  Place place(Table table, unsigned blk) const { return block(table, blk).place; }
  /// Address that a forward descriptor names.
  std::uint64_t forward_address(Table table, unsigned blk) const {
    return top(table, blk) & vsd::kAddress;
  }

  /// Physical address of a local entry (ESB: of its byte). A failure is reported and touches no
  /// entry memory.
  Entry lookup(Table table, unsigned blk, std::uint32_t idx) {
    if (env_.observer == nullptr && env_.defect == Defect::None) {
      const Entry entry = known(table, blk, idx);
      if (entry.ok) return entry;
    }
    return find(table, blk, idx);
  }

  /// The same without any effect: for debuggers. Nothing when there is no such entry.
  std::optional<std::uint64_t> peek(Table table, unsigned blk, std::uint32_t idx) const;

  /// AT KILL: forget cached sub-page descriptors.
  void kill();

 private:
  static constexpr unsigned kCached = 64;
  struct Cached {
    std::uint64_t key = ~std::uint64_t{0};
    std::uint64_t descriptor = 0;
    bool good = false;  ///< checked, may be used
  };
  /// A descriptor and what follows from it. All sizes are powers of two.
  struct Block {
    std::uint64_t descriptor = 0;
    std::uint64_t base = 0;
    std::uint64_t pages = 0;    ///< sub-pages there can be; 0 = direct
    std::uint64_t entries = 0;  ///< in the table, or in each sub-page
    unsigned page_shift = 0;    ///< log2 of that
    Place place = Place::Missing;
  };
  const Block& block(Table table, unsigned blk) const {
    return blocks_[static_cast<unsigned>(table)][blk % kVsdBlocks];
  }
  std::uint64_t offset(Table table, std::uint64_t entry) const {
    const unsigned size = entry_bytes_[static_cast<unsigned>(table)];
    return size == 0 ? entry / 4U : entry * size;
  }

  static std::uint64_t key(Table table, unsigned blk, std::uint64_t number) {
    return (static_cast<std::uint64_t>(table) << 8U | blk) << 40U | number;
  }
  static std::size_t slot(Table table, unsigned blk, std::uint64_t number) {
    return (number * 7U + static_cast<std::uint64_t>(table) * 13U + blk) % kCached;
  }
  /// The entry, when nothing has to be read or checked for it.
  Entry known(Table table, unsigned blk, std::uint32_t idx) const {
    const Block& block = this->block(table, blk);
    if (idx < block.entries && block.pages == 0) {
      return {block.place == Place::Local, block.base + offset(table, idx)};
    }
    if (block.pages == 0) return {};
    const std::uint64_t number = idx >> block.page_shift;
    const Cached& cached = cache_[slot(table, blk, number)];
    if (!cached.good || cached.key != key(table, blk, number)) return {};
    return {block.place == Place::Local,
            (cached.descriptor & vsd::kAddress) + offset(table, idx & (block.entries - 1U))};
  }
  Entry find(Table table, unsigned blk, std::uint32_t idx);
  Entry fail(FirId id, std::uint64_t detail) {
    env_.fir.report(id, detail);
    return {};
  }
  bool sub_page(Table table, unsigned blk, std::uint64_t top, std::uint64_t number,
                std::uint64_t& descriptor, std::uint32_t idx);

  Environment& env_;
  bool pc_;
  std::array<std::uint8_t, kTables> entry_bytes_;
  std::array<std::array<Block, kVsdBlocks>, kTables> blocks_{};
  std::array<Cached, kCached> cache_{};
};

}  // namespace xive::ic
