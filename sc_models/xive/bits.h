// SPDX-License-Identifier: Apache-2.0
/// IBM bit numbering (bit 0 = most significant) for registers and in-memory structures.
#pragma once

#include <cstdint>

namespace xive::ic {

/// Mask of IBM bit `n` of a 64-bit register.
constexpr std::uint64_t bit64(unsigned n) {
  return std::uint64_t{1} << (63U - n);
}
/// Mask of IBM bit `n` of a 32-bit structure word.
constexpr std::uint32_t bit32(unsigned n) {
  return std::uint32_t{1} << (31U - n);
}

/// Inclusive IBM bit range `first:last` of a 64-bit register.
struct Field64 {
  unsigned first, last;
  constexpr std::uint64_t mask() const {
    return (~std::uint64_t{0} >> (63U - (last - first))) << (63U - last);
  }
  constexpr std::uint64_t get(std::uint64_t reg) const { return (reg & mask()) >> (63U - last); }
  constexpr std::uint64_t put(std::uint64_t reg, std::uint64_t value) const {
    return (reg & ~mask()) | ((value << (63U - last)) & mask());
  }
};

/// Inclusive IBM bit range `first:last` of a 32-bit structure word.
struct Field32 {
  unsigned first, last;
  constexpr std::uint32_t mask() const {
    return (~std::uint32_t{0} >> (31U - (last - first))) << (31U - last);
  }
  constexpr std::uint32_t get(std::uint32_t word) const { return (word & mask()) >> (31U - last); }
  constexpr std::uint32_t put(std::uint32_t word, std::uint32_t value) const {
    return (word & ~mask()) | ((value << (31U - last)) & mask());
  }
};

/// All ones of an access of `size` bytes (1, 2, 4, 8): what a failed load returns.
constexpr std::uint64_t all_ones(unsigned size) {
  return size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8U * size)) - 1U;
}

}  // namespace xive::ic
