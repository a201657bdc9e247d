// SPDX-License-Identifier: Apache-2.0
/// Decoded code of a machine, by physical address.
#pragma once

#include <bitset>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "sc_models/ppc/iss/instruction.h"

namespace xive::ppc::iss {

/// Blocks and their instructions live here and are freed together, when no thread is left in them.
class CodeArena {
 public:
  Block& new_block() { return blocks_.emplace_back(); }
  Op* new_ops(std::size_t count);
  std::size_t ops() const { return total_; }
  void invalidate_all() {
    for (Block& block : blocks_) block.valid = false;
  }

 private:
  static constexpr std::size_t kChunk = 8192;
  std::deque<Block> blocks_;
  std::vector<std::unique_ptr<Op[]>> chunks_;
  std::size_t free_ = 0;
  std::size_t total_ = 0;
};

class CodeCache {
 public:
  /// Instructions of one block at most.
  static constexpr unsigned kMaxBlock = 64;

  CodeCache() : arena_(std::make_shared<CodeArena>()) {}

  struct Place {
    std::uint64_t pc;          ///< effective address
    std::uint64_t physical;    ///< real address, in RAM
    const std::uint8_t* page;  ///< host address of its 4 KiB page
    std::uint8_t mode;
    bool v31;
  };

  /// Block at `place`, decoded if it is not there yet. `single`: a block of one instruction.
  const Block& get(const Place& place, bool single = false);

  /// Is any byte of [address, address + length) decoded?
  bool holds(std::uint64_t address, std::uint64_t length) const {
    const std::uint64_t last = address + length - 1;
    // Most stores are nowhere near code.
    if (hint(address) == hint(last) && length <= kHintSpan && !hints_[hint(address)]) return false;
    return search(address, last);
  }
  bool holds_page(std::uint64_t address) const;
  /// Forgets the code in the pages whose code the range touches.
  void invalidate(std::uint64_t address, std::uint64_t length);
  void invalidate_all();

  /// What keeps the blocks alive; changes when everything was thrown away.
  const std::shared_ptr<CodeArena>& arena() const { return arena_; }
  std::uint64_t blocks_built() const { return built_; }
  std::uint64_t invalidations() const { return invalidations_; }

 private:
  struct Key {
    std::uint64_t pc, physical;
    std::uint8_t mode;
    bool single;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return (key.physical * 0x9e3779b97f4a7c15ULL) ^ (key.pc >> 2U) ^
             (std::size_t{key.mode} << 60U) ^ (std::size_t{key.single} << 63U);
    }
  };
  struct Page {
    std::uint64_t granules = 0;  ///< 64 bytes each
    std::vector<Block*> blocks;
  };
  static constexpr std::uint64_t kHintSpan = 4096;
  static constexpr std::size_t kHints = 4096;
  static std::size_t hint(std::uint64_t address) { return address / kHintSpan % kHints; }
  bool search(std::uint64_t address, std::uint64_t last) const;
  static std::uint64_t granules(std::uint64_t first, std::uint64_t last);
  Block& build(const Place& place, unsigned limit);

  std::shared_ptr<CodeArena> arena_;
  std::unordered_map<Key, Block*, Hash> blocks_;
  std::unordered_map<std::uint64_t, Page> pages_;
  std::bitset<kHints> hints_;  ///< of pages that there may be
  std::uint64_t built_ = 0, invalidations_ = 0;
};

}  // namespace xive::ppc::iss
