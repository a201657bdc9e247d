// SPDX-License-Identifier: Apache-2.0
#include "sc_models/rules/flat_map.h"

#include <gtest/gtest.h>

#include <map>

#include "sc_models/rules/random.h"

namespace xive {
namespace {

TEST(FlatMap, DoesWhatAMapDoes) {
  FlatMap<unsigned> flat;
  std::map<std::uint64_t, unsigned> map;
  Random random(1);
  for (unsigned n = 0; n < 200'000; ++n) {
    // Few keys far apart and close together, so that entries push each other on.
    const std::uint64_t key = random.below(40) + (random.chance(50) ? random.below(3) << 60U : 0);
    switch (random.below(4)) {
      case 0:
        ASSERT_EQ(flat.erase(key), map.erase(key) == 1);
        break;
      case 1:
        ASSERT_EQ(flat.insert(key, n).second, map.emplace(key, n).second);
        break;
      case 2:
        ASSERT_EQ(flat[key]++, map[key]++);
        break;
      default: {
        const auto known = map.find(key);
        const unsigned* found = flat.find(key);
        ASSERT_EQ(found != nullptr, known != map.end());
        ASSERT_EQ(flat.contains(key), known != map.end());
        if (found != nullptr) {
          ASSERT_EQ(*found, known->second);
        }
      }
    }
    ASSERT_EQ(flat.size(), map.size());
  }
}

TEST(FlatMap, GrowsAndCounts) {
  FlatMap<std::uint64_t> flat;
  EXPECT_TRUE(flat.empty());
  for (std::uint64_t key = 0; key < 1000; ++key) flat[key << 32U] = key;
  EXPECT_EQ(flat.count_if([](std::uint64_t value) { return value < 10; }), 10U);
  for (std::uint64_t key = 0; key < 1000; ++key) ASSERT_EQ(*flat.find(key << 32U), key);
}

}  // namespace
}  // namespace xive
