// SPDX-License-Identifier: Apache-2.0
/// In-memory structures of generation 1 (POWER9), xive-chip.md 1.5 to 1.7.
#pragma once

#include "sc_models/xive/bits.h"
#include "sc_models/xive/generation.h"

namespace xive::ic {

namespace gen1 {

namespace end_w0 {
inline constexpr std::uint32_t kValid = bit32(0), kEnqueue = bit32(1), kUcondNotify = bit32(2),
                               kBacklog = bit32(3), kPreclEscalate = bit32(4), kEscalate = bit32(5),
                               kUncondEscalate = bit32(6), kSilentEscalate = bit32(7),
                               kFirmware = bit32(16);
inline constexpr Field32 kQsize{12, 15};
}  // namespace end_w0

inline constexpr unsigned kMaxQsize = 12;  ///< 16 MiB

namespace end_w67 {
inline constexpr std::uint32_t kFormat = bit32(8), kIgnore = bit32(0);
inline constexpr Field32 kNvtBlock{9, 12}, kNvtIndex{13, 31}, kPriority{8, 15}, kLogicServer{1, 31};
}  // namespace end_w67

/// Blocks and indices of escalation targets (word 4).
inline constexpr Field32 kEscBlock{4, 7}, kEscIndex{8, 31};

namespace nvt_w0 {
inline constexpr std::uint32_t kValid = bit32(0);
}
inline constexpr unsigned kNvtBytes = 64;

End decode_end(const EndImage& image);

extern const Generation kGeneration;

/// VP id compared with CAM lines: 4 bits of block, 19 of index.
constexpr std::uint32_t vp_id(unsigned blk, std::uint32_t idx) {
  return blk << 19U | idx;
}

}  // namespace gen1
}  // namespace xive::ic
