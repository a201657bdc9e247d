// SPDX-License-Identifier: Apache-2.0
/// The digest of a run: a 128-bit hash chain over 64-bit words, sensitive to order. It tells runs
/// apart, it is no protection against forgery. Two lanes of multiply-rotate mixing; the text form
/// is 32 hexadecimal digits. The definition is part of the result format: docs/validate.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xive::validate {

class Digest {
 public:
  void add(std::uint64_t word) {
    a_ = rotl((a_ ^ word) * 0x9fb21c651e98df25ULL, 29U) + 0x9e3779b97f4a7c15ULL;
    b_ = rotl((b_ + word) * 0xd6e8feb86659fd93ULL, 37U) ^ a_;
    ++words_;
  }
  /// Bytes are added as a length and 8-byte little-endian words.
  void add(std::string_view text);

  std::uint64_t high() const { return finish(a_ ^ words_); }
  std::uint64_t low() const { return finish(b_ + words_); }
  std::string text() const;

 private:
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

}  // namespace xive::validate
