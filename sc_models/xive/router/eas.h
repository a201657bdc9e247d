// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sc_models/xive/bits.h"

namespace xive::ic {

/// Event assignment structure, 8 bytes, the same in both generations (xive-chip.md 1.5).
namespace eas {
inline constexpr std::uint64_t kValid = bit64(0);
inline constexpr Field64 kEndBlock{4, 7};
inline constexpr Field64 kEndIndex{8, 31};
inline constexpr std::uint64_t kMasked = bit64(32);
inline constexpr Field64 kEndData{33, 63};
}  // namespace eas

}  // namespace xive::ic
