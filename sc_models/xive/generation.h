// SPDX-License-Identifier: Apache-2.0
/// What differs between the generations inside the shared router: the images of ENDs and of VP
/// structures. Everything else of a generation is its register face (gen1/).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sc_models/xive/source/pq.h"

namespace xive::ic {

/// A 32-byte event notification descriptor as it lies in memory.
struct EndImage {
  std::array<std::uint8_t, 32> bytes{};

  std::uint32_t word(unsigned n) const {
    const std::uint8_t* p = bytes.data() + std::size_t{4} * n;
    return static_cast<std::uint32_t>(p[0]) << 24U | static_cast<std::uint32_t>(p[1]) << 16U |
           static_cast<std::uint32_t>(p[2]) << 8U | p[3];
  }
  void set_word(unsigned n, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) {
      bytes[std::size_t{4} * n + i] = static_cast<std::uint8_t>(value >> (24U - 8U * i));
    }
  }
};

/// An END, decoded. Word 1 has the same layout in both generations (see end_w1 below).
struct End {
  bool valid = false, enqueue = false, uncond_notify = false, backlog = false;
  bool precl_escalate = false, escalate = false, uncond_escalate = false, silent = false;
  bool escalate_to_end = true;  ///< generation 2, N
  bool format = false, ignore = false, crowd = false;
  std::uint8_t prio = 0;
  std::uint8_t vp_blk = 0;
  std::uint32_t vp_idx = 0;
  std::uint32_t logic_serv = 0;
  std::uint64_t eq_address = 0;
  std::uint32_t eq_entries = 0;  ///< 0 = illegal queue size
  std::uint8_t esc_blk = 0;
  std::uint32_t esc_idx = 0;
  std::uint32_t esc_data = 0;
};

/// END word 1 (xive-chip.md 1.6).
namespace end_w1 {
inline constexpr std::uint32_t kGenFlipped = 0x00800000;  ///< generation 2
inline constexpr std::uint32_t kGeneration = 0x00400000;
inline constexpr std::uint32_t kPageOff = 0x003fffff;
constexpr Pq esn(std::uint32_t w1) {
  return static_cast<Pq>(w1 >> 30U);
}
constexpr Pq ese(std::uint32_t w1) {
  return static_cast<Pq>(w1 >> 28U & 3U);
}
constexpr std::uint32_t with_esn(std::uint32_t w1, Pq pq) {
  return (w1 & 0x3fffffffU) | static_cast<std::uint32_t>(pq) << 30U;
}
constexpr std::uint32_t with_ese(std::uint32_t w1, Pq pq) {
  return (w1 & 0xcfffffffU) | static_cast<std::uint32_t>(pq) << 28U;
}
}  // namespace end_w1

/// Constants and codecs of one generation; a static object each.
struct Generation {
  unsigned number;
  End (*decode_end)(const EndImage&);
  unsigned vp_bytes;        ///< size of an NVT / NVP
  unsigned ipb_word;        ///< word of the VP structure with the saved IPB
  unsigned ipb_shift;       ///< its position in the word
  bool vp_checked_first;    ///< VP structure is validated before the search
  bool groups;              ///< group notifications exist
  std::uint32_t wrap_flag;  ///< set in word 1 when the queue wraps
};

}  // namespace xive::ic
