// SPDX-License-Identifier: Apache-2.0
/// Big-endian values in byte arrays: the first byte is the most significant one.
#pragma once

#include <cstdint>

namespace xive::tima {

/// The `size` bytes (1..8) at `bytes` as a right-justified value.
constexpr std::uint64_t load_be(const std::uint8_t* bytes, unsigned size) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) value = value << 8U | bytes[i];
  return value;
}

/// Stores the low `size` bytes (1..8) of `value` at `bytes`.
constexpr void store_be(std::uint8_t* bytes, unsigned size, std::uint64_t value) {
  for (unsigned i = size; i-- > 0; value >>= 8U) bytes[i] = static_cast<std::uint8_t>(value);
}

/// All ones in the low `size` bytes (1..8).
constexpr std::uint64_t all_ones(unsigned size) {
  return ~std::uint64_t{0} >> (64 - 8 * size);
}

}  // namespace xive::tima
