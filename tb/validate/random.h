// SPDX-License-Identifier: Apache-2.0
/// Random numbers that are the same on every machine and with every library: splitmix64 for seeding
/// and deriving, xoshiro256** for streams (both by Blackman and Vigna, public domain).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace xive::validate {

/// One step of splitmix64: also a good mixing function of a single value.
constexpr std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

/// The seed of the sub-stream `name`, number `number`, of `seed`. Streams of different names or
/// numbers are independent: drawing more from one leaves the others as they are.
constexpr std::uint64_t derive_seed(std::uint64_t seed, std::string_view name,
                                    std::uint64_t number = 0) {
  std::uint64_t state = seed;
  std::uint64_t mixed = splitmix64(state);
  for (const char c : name) {
    state = mixed ^ static_cast<std::uint64_t>(static_cast<unsigned char>(c));
    mixed = splitmix64(state);
  }
  state = mixed ^ number;
  return splitmix64(state);
}

/// xoshiro256**.
class Random {
 public:
  constexpr explicit Random(std::uint64_t seed) {
    std::uint64_t state = seed;
    for (std::uint64_t& word : s_) word = splitmix64(state);
  }

  constexpr std::uint64_t next() {
    const std::uint64_t result = rotl(s_[1] * 5U, 7U) * 9U;
    const std::uint64_t t = s_[1] << 17U;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = rotl(s_[3], 45U);
    return result;
  }

  /// 0 .. n-1; n must not be 0. The bias is below n / 2^32.
  constexpr std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((next() >> 32U) * n) >> 32U);
  }
  /// lo .. hi, both included.
  constexpr std::uint32_t range(std::uint32_t lo, std::uint32_t hi) {
    return lo + below(hi - lo + 1U);
  }
  /// True in n of 256 cases.
  constexpr bool chance(std::uint32_t n) { return (next() >> 56U) < n; }
  constexpr bool coin() { return (next() >> 63U) != 0; }
  constexpr std::uint8_t byte() { return static_cast<std::uint8_t>(next() >> 56U); }

 private:
  static constexpr std::uint64_t rotl(std::uint64_t x, unsigned k) {
    return (x << k) | (x >> (64U - k));
  }
  std::array<std::uint64_t, 4> s_{};
};

}  // namespace xive::validate
