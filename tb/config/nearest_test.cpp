// SPDX-License-Identifier: Apache-2.0
#include "tb/config/nearest.h"

#include <gtest/gtest.h>

namespace xive::config {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("ops", ""), 3U);
  EXPECT_EQ(edit_distance("", "ops"), 3U);
  EXPECT_EQ(edit_distance("ops", "opps"), 1U);
  EXPECT_EQ(edit_distance("seed", "sed"), 1U);
  EXPECT_EQ(edit_distance("seed", "seat"), 2U);
  EXPECT_EQ(edit_distance("jobs", "jbos"), 1U);
  EXPECT_EQ(edit_distance("threads", "minutes"), edit_distance("minutes", "threads"));
}

TEST(EditDistance, TakesCaseAndDashesLightly) {
  EXPECT_EQ(edit_distance("Shard-Ops", "shard_ops"), 0U);
}

TEST(NearestMatch, FindsTheClosestAndNothingFarAway) {
  const std::vector<std::string> keys{"seed", "ops", "threads", "jobs"};
  EXPECT_EQ(nearest_match("sead", keys), "seed");
  EXPECT_EQ(nearest_match("thraeds", keys), "threads");
  EXPECT_EQ(nearest_match("op", keys), "ops");
  EXPECT_EQ(nearest_match("banana", keys), "");
  EXPECT_EQ(nearest_match("", keys), "");
  EXPECT_EQ(nearest_match(std::string(10'000, 's'), keys), "");
  EXPECT_EQ(nearest_match("seed", {}), "");
}

TEST(NearestMatch, TheFirstOfEqualsWins) {
  EXPECT_EQ(nearest_match("bat", {"cat", "hat"}), "cat");
}

}  // namespace
}  // namespace xive::config
