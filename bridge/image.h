// SPDX-License-Identifier: Apache-2.0
/// Register images as the RTL holds them (16 words, least significant first) and as the models do
/// (R[0] first), quick enough for every event.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "sc_models/tima/types.h"

namespace xive::bridge {

inline void image_bytes(const std::uint32_t* words, std::array<std::uint8_t, 64>& r) {
  for (unsigned i = 0; i < 8; ++i) {
    std::uint64_t value = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&value, words + (14U - 2U * i), 8);
      value = __builtin_bswap64(value);
    } else {
      value = static_cast<std::uint64_t>(words[15U - 2U * i]) << 32U | words[14U - 2U * i];
    }
    std::memcpy(r.data() + 8U * i, &value, 8);
  }
}

/// Collects whether blocks of 64 bytes differ, without a call and without a branch.
class Difference {
 public:
  void add_64(const void* a, const void* b) {
    for (unsigned i = 0; i < 4; ++i) {
      Vector x;
      Vector y;
      std::memcpy(&x, static_cast<const char*>(a) + 16U * i, 16);
      std::memcpy(&y, static_cast<const char*>(b) + 16U * i, 16);
      bits_ |= x ^ y;
    }
  }
  bool any() const { return (bits_[0] | bits_[1]) != 0; }

 private:
  using Vector = std::uint64_t __attribute__((vector_size(16)));
  Vector bits_{};
};

inline bool same_64(const void* a, const void* b) {
  Difference difference;
  difference.add_64(a, b);
  return !difference.any();
}

inline bool same_state(const tima::ThreadState& a, const tima::ThreadState& b) {
  return same_64(a.r.data(), b.r.data()) && a.l_os == b.l_os && a.l_hv == b.l_hv &&
         a.enabled == b.enabled;
}

}  // namespace xive::bridge
