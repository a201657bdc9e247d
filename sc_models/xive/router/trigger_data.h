// SPDX-License-Identifier: Apache-2.0
/// 64-bit trigger messages (xive-chip.md 2.4), the same in both generations.
#pragma once

#include <cstdint>

#include "sc_models/xive/router/eas.h"

namespace xive::ic::trigger_data {

inline constexpr std::uint64_t kEnd = bit64(0);        ///< END trigger, rest has the EAS layout
inline constexpr std::uint64_t kPqChecked = bit64(1);  ///< sender ran the PQ automaton
inline constexpr Field64 kBlock{32, 35};
inline constexpr Field64 kIndex{36, 63};

constexpr std::uint64_t for_eas(unsigned blk, std::uint32_t idx, bool pq_checked) {
  return (pq_checked ? kPqChecked : 0U) | kBlock.put(0, blk) | kIndex.put(0, idx);
}
constexpr std::uint64_t for_end(unsigned blk, std::uint32_t idx, std::uint32_t data) {
  std::uint64_t word = kEnd | kPqChecked;
  word = eas::kEndBlock.put(word, blk);
  word = eas::kEndIndex.put(word, idx);
  return eas::kEndData.put(word, data);
}

}  // namespace xive::ic::trigger_data
