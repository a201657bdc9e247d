// SPDX-License-Identifier: Apache-2.0
/// The digest of a run: a 128-bit hash chain over 64-bit words, sensitive to order. It tells runs
/// apart, it is no protection against forgery.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace xive {

class Digest {
 public:
  void add(std::uint64_t word) {
    a_ = rotl((a_ ^ word) * 0x9fb21c651e98df25ULL, 29U) + 0x9e3779b97f4a7c15ULL;
    b_ = rotl((b_ + word) * 0xd6e8feb86659fd93ULL, 37U) ^ a_;
    ++words_;
  }
  /// Bytes of a register image, as one word: quicker than word by word.
  template <std::size_t N>
  void add(const std::array<std::uint8_t, N>& bytes) {
    static_assert(N % 16 == 0);
    // Keys without relation to each other: with related ones, similar images have equal products.
    constexpr auto kKeys = keys<N / 8>();
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < N / 8; i += 2) {
      sum += fold(word(&bytes[8 * i]) ^ kKeys[i], word(&bytes[8 * i + 8]) ^ kKeys[i + 1]);
    }
    add(sum);
  }
  void add(std::string_view text) {
    add(text.size());
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8U * (i % 8U));
      if (i % 8U == 7U || i + 1 == text.size()) {
        add(word);
        word = 0;
      }
    }
  }

  /// Words added so far.
  std::uint64_t words() const { return words_; }
  std::uint64_t high() const { return finish(a_ ^ words_); }
  std::uint64_t low() const { return finish(b_ + words_); }
  /// 32 hexadecimal digits.
  std::string text() const {
    std::string out;
    for (const std::uint64_t half : {high(), low()}) {
      for (unsigned shift = 64; shift > 0; shift -= 4) {
        out.push_back("0123456789abcdef"[half >> (shift - 4U) & 0xfU]);
      }
    }
    return out;
  }

 private:
  /// Little-endian, whatever the host is.
  static std::uint64_t word(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return std::endian::native == std::endian::little ? value : __builtin_bswap64(value);
  }
  template <std::size_t N>
  static constexpr std::array<std::uint64_t, N> keys() {
    std::array<std::uint64_t, N> out{};
    for (std::size_t i = 0; i < N; ++i) out[i] = finish((i + 1) * 0x9e3779b97f4a7c15ULL);
    return out;
  }
  /// Both halves of a product: each bit of the factors reaches all bits of the result.
  static std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  }
  static constexpr std::uint64_t rotl(std::uint64_t x, unsigned k) {
    return (x << k) | (x >> (64U - k));
  }
  static constexpr std::uint64_t finish(std::uint64_t x) {
    x = (x ^ (x >> 32U)) * 0xd6e8feb86659fd93ULL;
    x = (x ^ (x >> 32U)) * 0xd6e8feb86659fd93ULL;
    return x ^ (x >> 32U);
  }
  std::uint64_t a_ = 0x243f6a8885a308d3ULL;
  std::uint64_t b_ = 0x13198a2e03707344ULL;
  std::uint64_t words_ = 0;
};

}  // namespace xive
