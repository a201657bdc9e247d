// SPDX-License-Identifier: Apache-2.0
/// Virtual structure descriptors: one engine's copy (VC or PC) and the lookup of (table, block,
/// index) to a physical address, direct or through sub-pages (xive-chip.md 4).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
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
  VsdTable(Environment& env, bool pc, const std::array<std::uint8_t, kTables>& entry_bytes);

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
    std::uint64_t key = ~std::uint64_t{0};  ///< see key()
    std::uint64_t descriptor = 0;
  };
  /// A descriptor and what follows from it. All sizes are powers of two.
  struct Block {
    std::uint64_t descriptor = 0;
    bool indirect = false;
    Place place = Place::Missing;
    std::uint8_t entries_log2 = 0;         ///< in the table, or in each sub-page
    std::uint8_t entry_quarters_log2 = 0;  ///< quarters of a byte of one entry

    std::uint64_t base() const { return descriptor & vsd::kAddress; }
    bool holds(std::uint32_t idx) const { return std::uint64_t{idx} >> entries_log2 == 0; }
    std::uint64_t page(std::uint32_t idx) const { return std::uint64_t{idx} >> entries_log2; }
    /// Sub-pages there can be.
    std::uint64_t pages() const { return vsd::bytes(descriptor) / 8U; }
    /// Bytes from the begin of the table, or of its sub-page.
    std::uint64_t offset(std::uint32_t idx) const {
      const std::uint64_t in_page = idx & ((std::uint64_t{1} << entries_log2) - 1U);
      return in_page << entry_quarters_log2 >> 2U;
    }
  };
  /// What one interrupt needs of a block lies in one line of a cache.
  struct alignas(64) Blocks {
    std::array<Block, kTables> of_table{};
  };
  /// Apart from the table itself, so that what all lookups need fits in one line of a cache.
  struct Store {
    std::array<Blocks, kVsdBlocks> blocks{};
    std::array<Cached, kCached> cache{};
    std::array<std::uint8_t, kTables> entry_bytes{};
    bool pc = false;
  };
  const Block& block(Table table, unsigned blk) const {
    return store_->blocks[blk % kVsdBlocks].of_table[static_cast<unsigned>(table)];
  }

  static constexpr std::uint64_t kGood = 1;  ///< in a key: checked, may be used
  static std::uint64_t key(Table table, unsigned blk, std::uint64_t number) {
    return (static_cast<std::uint64_t>(table) << 8U | blk) << 40U | number << 1U;
  }
  static std::size_t slot(Table table, unsigned blk, std::uint64_t number) {
    return (number * 7U + static_cast<std::uint64_t>(table) * 13U + blk) % kCached;
  }
  /// The entry, when nothing has to be read or checked for it.
  Entry known(Table table, unsigned blk, std::uint32_t idx) const {
    const Block& block = this->block(table, blk);
    if (!block.indirect) {
      return {block.place == Place::Local && block.holds(idx), block.base() + block.offset(idx)};
    }
    const std::uint64_t number = block.page(idx);
    const Cached& cached = store_->cache[slot(table, blk, number)];
    return {block.place == Place::Local && cached.key == (key(table, blk, number) | kGood),
            (cached.descriptor & vsd::kAddress) + block.offset(idx)};
  }
  Entry find(Table table, unsigned blk, std::uint32_t idx);
  Entry fail(FirId id, std::uint64_t detail) {
    env_.fir.report(id, detail);
    return {};
  }
  bool sub_page(Table table, unsigned blk, std::uint64_t top, std::uint64_t number,
                std::uint64_t& descriptor, std::uint32_t idx);

  Environment& env_;
  std::unique_ptr<Store> store_;
};

}  // namespace xive::ic
