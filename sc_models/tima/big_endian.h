// SPDX-License-Identifier: Apache-2.0
/// Big-endian values in byte arrays: the first byte is the most significant one.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace xive::tima {

namespace big_endian_detail {
/// One access instead of a loop, for the sizes that a TIMA access has.
template <typename Word>
inline Word swapped(Word value) {
  if constexpr (std::endian::native == std::endian::big || sizeof(Word) == 1) return value;
  if constexpr (sizeof(Word) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(Word) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(Word) == 8) return __builtin_bswap64(value);
}
template <typename Word>
inline std::uint64_t load(const std::uint8_t* bytes) {
  Word value;
  std::memcpy(&value, bytes, sizeof value);
  return swapped(value);
}
template <typename Word>
inline void store(std::uint8_t* bytes, std::uint64_t value) {
  const Word word = swapped(static_cast<Word>(value));
  std::memcpy(bytes, &word, sizeof word);
}
}  // namespace big_endian_detail

/// The `size` bytes (1..8) at `bytes` as a right-justified value.
constexpr std::uint64_t load_be(const std::uint8_t* bytes, unsigned size) {
  if (!std::is_constant_evaluated()) {
    switch (size) {
      case 1:
        return *bytes;
      case 2:
        return big_endian_detail::load<std::uint16_t>(bytes);
      case 4:
        return big_endian_detail::load<std::uint32_t>(bytes);
      case 8:
        return big_endian_detail::load<std::uint64_t>(bytes);
      default:
        break;
    }
  }
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) value = value << 8U | bytes[i];
  return value;
}

/// Stores the low `size` bytes (1..8) of `value` at `bytes`.
constexpr void store_be(std::uint8_t* bytes, unsigned size, std::uint64_t value) {
  if (!std::is_constant_evaluated()) {
    switch (size) {
      case 1:
        *bytes = static_cast<std::uint8_t>(value);
        return;
      case 2:
        return big_endian_detail::store<std::uint16_t>(bytes, value);
      case 4:
        return big_endian_detail::store<std::uint32_t>(bytes, value);
      case 8:
        return big_endian_detail::store<std::uint64_t>(bytes, value);
      default:
        break;
    }
  }
  for (unsigned i = size; i-- > 0; value >>= 8U) bytes[i] = static_cast<std::uint8_t>(value);
}

/// All ones in the low `size` bytes (1..8).
constexpr std::uint64_t all_ones(unsigned size) {
  return ~std::uint64_t{0} >> (64 - 8 * size);
}

}  // namespace xive::tima
