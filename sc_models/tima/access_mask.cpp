// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/access_mask.h"

#include <array>
#include <string_view>

namespace xive::tima {
namespace {

/// One row per page, one string per ring, one digit per byte +0..+F: 0 none, 1 store only, 2 load
/// only, 3 both. The layout is the table of 1.5, so that the two can be compared by eye.
constexpr std::array<std::array<std::string_view, 4>, 4> kTable{{
    // QW0 USER               QW1 OS                 QW2 POOL               QW3 PHYS
    {"3000 0000 3333 0000", "3333 3302 3333 0003", "0033 0330 3333 0000", "3333 0302 3003 3330"},
    {"3000 0000 3333 0000", "3333 3302 3333 0003", "0033 0330 0333 0000", "3333 0302 3003 0000"},
    {"3000 0000 3333 0000", "2322 2202 0000 0000", "0000 0000 0000 0000", "0000 0000 0000 0000"},
    {"3000 0000 0000 0000", "0000 0000 0000 0000", "0000 0000 0000 0000", "0000 0000 0000 0000"},
}};

constexpr unsigned kBlocks = kThreadBytes / 8;
using BlockMasks = std::array<std::uint64_t, kBlocks>;

constexpr BlockMasks expand(unsigned page, Access access) {
  const unsigned direction = access == Access::Load ? 2U : 1U;
  BlockMasks masks{};
  for (unsigned ring = 0; ring < 4; ++ring) {
    unsigned byte = ring * 16;
    for (const char digit : kTable[page][ring]) {
      if (digit == ' ') continue;
      if ((static_cast<unsigned>(digit - '0') & direction) != 0) {
        masks[byte / 8] |= std::uint64_t{0xff} << (8 * (7 - byte % 8));
      }
      ++byte;
    }
  }
  return masks;
}

constexpr std::array<std::array<BlockMasks, 2>, 4> kMasks{{
    {expand(0, Access::Load), expand(0, Access::Store)},
    {expand(1, Access::Load), expand(1, Access::Store)},
    {expand(2, Access::Load), expand(2, Access::Store)},
    {expand(3, Access::Load), expand(3, Access::Store)},
}};

}  // namespace

std::uint64_t raw_access_mask(Page page, unsigned byte, Access access) {
  return kMasks[static_cast<unsigned>(page) & 3U][static_cast<unsigned>(access)]
               [(byte / 8) % kBlocks];
}

bool raw_access_permitted(Page page, unsigned byte, Access access) {
  return (raw_access_mask(page, byte, access) >> (8 * (7 - byte % 8)) & 1U) != 0;
}

}  // namespace xive::tima
