// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/code_cache.h"

#include <algorithm>
#include <array>

#include "sc_models/ppc/iss/handlers.h"
#include "sc_models/ppc/iss/memory_view.h"

namespace xive::ppc::iss {
namespace {

/// 64 MiB of decoded instructions, then everything is thrown away.
constexpr std::size_t kMaxOps = 2U << 20U;
constexpr unsigned kGranuleShift = 6;

std::uint32_t word_at(const std::uint8_t* bytes, bool little_endian) {
  if (little_endian) {
    return std::uint32_t{bytes[3]} << 24U | std::uint32_t{bytes[2]} << 16U |
           std::uint32_t{bytes[1]} << 8U | bytes[0];
  }
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
         std::uint32_t{bytes[2]} << 8U | bytes[3];
}

}  // namespace

Op* CodeArena::new_ops(std::size_t count) {
  if (count > free_) {
    chunks_.push_back(std::make_unique<Op[]>(kChunk));
    free_ = kChunk;
  }
  Op* first = chunks_.back().get() + (kChunk - free_);
  free_ -= count;
  total_ += count;
  return first;
}

std::uint64_t CodeCache::granules(std::uint64_t first, std::uint64_t last) {
  const std::uint64_t from = (first & ~kPageMask) >> kGranuleShift;
  const std::uint64_t to = (last & ~kPageMask) >> kGranuleShift;
  const std::uint64_t upto = to == 63 ? ~std::uint64_t{0} : (std::uint64_t{2} << to) - 1;
  return upto & ~((std::uint64_t{1} << from) - 1);
}

const Block& CodeCache::get(const Place& place, bool single) {
  const Key key{place.pc, place.physical, place.mode, single};
  const auto found = blocks_.find(key);
  if (found != blocks_.end()) return *found->second;
  if (arena_->ops() > kMaxOps) invalidate_all();
  Block& block = build(place, single ? 1 : kMaxBlock);
  blocks_.emplace(key, &block);
  Page& page = pages_[place.physical & kPageMask];
  hints_.set(hint(place.physical));
  page.granules |= granules(block.physical, block.physical + block.bytes - 1);
  page.blocks.push_back(&block);
  return block;
}

Block& CodeCache::build(const Place& place, unsigned limit) {
  ++built_;
  const bool little = (place.mode & kModeLittleEndian) != 0;
  std::array<Op, kMaxBlock + 1> ops;
  unsigned count = 0, words = 0;
  const std::uint64_t in_page = place.physical & ~kPageMask;
  const auto room = static_cast<unsigned>((kPageSize - in_page) / 4);
  bool ended = false;
  while (count < limit && words < room && words < 128 && !ended) {
    const std::uint8_t* at = place.page + in_page + 4ULL * words;
    const std::uint64_t pc = place.pc + 4ULL * words;
    const std::uint32_t word = word_at(at, little);
    unsigned length = 1;
    std::uint32_t suffix = 0;
    Op op;
    const bool prefixed = place.v31 && is_prefix(word);
    // A prefixed instruction never crosses 64 bytes, so its suffix is in the page.
    const bool crosses = prefixed && (pc & 0x3fU) == 0x3c;
    if (prefixed && !crosses) {
      suffix = word_at(at + 4, little);
      length = 2;
    }
    const Instruction* known = crosses ? nullptr : find_instruction(word, suffix, place.v31);
    if (known != nullptr) {
      op = decode(*known, word, suffix, pc, little);
      ended = (known->flags & kEndsBlock) != 0;
    } else {
      op.fn = crosses ? &prefix_crosses : &illegal_instruction;
      op.raw = word;
      op.info = 0xffff;
      length = 1;
      ended = true;
    }
    op.index = static_cast<std::uint8_t>(count);
    op.offset = static_cast<std::uint8_t>(words);
    op.words = static_cast<std::uint8_t>(length);
    ops[count++] = op;
    words += length;
  }
  Block& block = arena_->new_block();
  block.pc = place.pc;
  block.physical = place.physical;
  block.mode = place.mode;
  block.count = count;
  block.bytes = 4 * words;
  // Behind the last instruction: what goes on with the next block.
  Op& end = ops[count];
  end.fn = &end_of_block;
  end.index = static_cast<std::uint8_t>(count);
  end.offset = static_cast<std::uint8_t>(words);
  Op* stored = arena_->new_ops(count + 1);
  std::copy_n(ops.begin(), count + 1, stored);
  block.ops = stored;
  return block;
}

bool CodeCache::holds_page(std::uint64_t address) const {
  return pages_.find(address & kPageMask) != pages_.end();
}

bool CodeCache::search(std::uint64_t address, std::uint64_t last) const {
  for (std::uint64_t page = address & kPageMask; page <= last; page += kPageSize) {
    const auto found = pages_.find(page);
    if (found == pages_.end()) continue;
    const std::uint64_t from = std::max(page, address), to = std::min(page + kPageSize - 1, last);
    if ((found->second.granules & granules(from, to)) != 0) return true;
  }
  return false;
}

void CodeCache::invalidate(std::uint64_t address, std::uint64_t length) {
  if (length == 0) return;
  const std::uint64_t last = address + length - 1;
  if ((last - address) >> kPageShift > pages_.size()) {
    invalidate_all();
    return;
  }
  for (std::uint64_t page = address & kPageMask; page <= last; page += kPageSize) {
    const auto found = pages_.find(page);
    if (found == pages_.end()) continue;
    const std::uint64_t from = std::max(page, address), to = std::min(page + kPageSize - 1, last);
    if ((found->second.granules & granules(from, to)) == 0) continue;
    ++invalidations_;
    for (Block* block : found->second.blocks) {
      block->valid = false;
      for (const bool single : {false, true}) {
        const auto entry = blocks_.find({block->pc, block->physical, block->mode, single});
        if (entry != blocks_.end() && entry->second == block) blocks_.erase(entry);
      }
    }
    pages_.erase(found);
  }
}

void CodeCache::invalidate_all() {
  ++invalidations_;
  arena_->invalidate_all();
  blocks_.clear();
  pages_.clear();
  hints_.reset();
  arena_ = std::make_shared<CodeArena>();
}

}  // namespace xive::ppc::iss
