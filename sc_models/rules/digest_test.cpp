// SPDX-License-Identifier: Apache-2.0
#include "sc_models/rules/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sc_models/rules/random.h"

namespace xive {
namespace {

using Bytes = std::array<std::uint8_t, 64>;

std::string of(const Bytes& bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.text();
}

Bytes random_bytes(std::uint64_t seed) {
  Random random(seed, 0);
  Bytes bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
  return bytes;
}

/// Images as registers have them: mostly 0 or 0xff, and one of random bytes.
TEST(Digest, TellsBytesWithOneOrTwoOtherBitsApart) {
  Bytes ones{};
  ones.fill(0xff);
  std::set<std::string> seen;
  std::size_t made = 0;
  for (const Bytes& base : {Bytes{}, ones, random_bytes(7)}) {
    seen.insert(of(base));
    ++made;
    for (unsigned first = 0; first < 512; ++first) {
      Bytes changed = base;
      changed[first / 8] ^= static_cast<std::uint8_t>(1U << first % 8);
      seen.insert(of(changed));
      ++made;
      for (unsigned second = first + 1; second < 512; second += 17) {
        Bytes twice = changed;
        twice[second / 8] ^= static_cast<std::uint8_t>(1U << second % 8);
        seen.insert(of(twice));
        ++made;
      }
    }
  }
  EXPECT_EQ(seen.size(), made);
}

TEST(Digest, TellsExchangedBytesApart) {
  const Bytes base = random_bytes(3);
  std::set<std::string> seen{of(base)};
  for (unsigned i = 0; i < 64; i += 8) {
    for (unsigned k = i + 8; k < 64; k += 8) {
      Bytes exchanged = base;
      std::swap_ranges(&exchanged[i], &exchanged[i] + 8, &exchanged[k]);
      EXPECT_TRUE(seen.insert(of(exchanged)).second) << i << " " << k;
    }
  }
}

TEST(Digest, DependsOnTheOrderOfWhatIsAdded) {
  Digest one, other;
  one.add(1);
  one.add(random_bytes(1));
  other.add(random_bytes(1));
  other.add(1);
  EXPECT_NE(one.text(), other.text());
}

}  // namespace
}  // namespace xive
