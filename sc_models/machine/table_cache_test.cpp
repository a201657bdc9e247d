// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/table_cache.h"

#include <gtest/gtest.h>

namespace xive::machine {
namespace {

TEST(TableCache, TheLeastRecentlyUsedEntryGoes) {
  TableCache cache(2);
  EXPECT_FALSE(cache.touch(0, 1));
  EXPECT_TRUE(cache.touch(0, 1));
  EXPECT_FALSE(cache.touch(1, 1)) << "another block";
  EXPECT_TRUE(cache.touch(0, 1));
  EXPECT_FALSE(cache.touch(0, 2)) << "takes the place of block 1";
  EXPECT_TRUE(cache.touch(0, 1));
  EXPECT_FALSE(cache.touch(1, 1));
  EXPECT_EQ(cache.hits(), 3U);
  EXPECT_EQ(cache.misses(), 4U);
}

TEST(TableCache, WithoutASizeEverythingIsThere) {
  TableCache cache(0);
  for (unsigned n = 0; n < 10; ++n) EXPECT_TRUE(cache.touch(0, n));
  EXPECT_EQ(cache.hits() + cache.misses(), 0U);
}

}  // namespace
}  // namespace xive::machine
