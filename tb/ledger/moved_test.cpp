// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/moved.h"

#include <gtest/gtest.h>

namespace xive::ledger {
namespace {

TEST(MannWhitney, KnownValues) {
  // U = 0 of 25: z = (12.5 - 0.5) / sqrt(25 * 11 / 12).
  EXPECT_NEAR(mann_whitney({1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}), 0.0122, 0.0001);
  EXPECT_NEAR(mann_whitney({1, 3, 5, 7}, {2, 4, 6, 8}), 0.665, 0.01);
  EXPECT_EQ(mann_whitney({1, 1, 1}, {1, 1, 1}), 1);
  EXPECT_EQ(mann_whitney({1, 2}, {3, 4, 5}), 1);
}

TEST(MovedHops, KnowsTheNamesOfHops) {
  const Columns base{
      {"hops.end.median_ns", {10}},      {"hops.end.p99_ns", {10}},
      {"hops.presenter.median_ns", {0}}, {"hops.presenter.wait.median_ns", {10}},
      {"hops..median_ns", {10}},         {"latency.ipi.stations.end.median_ns", {10}},
      {"seen.median_ns", {10}}};
  Columns head = base;
  for (auto& [name, values] : head) values[0] += 5;
  const std::vector<MovedHop> hops = moved_hops(moved_metrics(base, head, {{0, 0}}), 1);
  ASSERT_EQ(hops.size(), 2U);
  EXPECT_EQ(hops[0].name, "presenter");
  EXPECT_DOUBLE_EQ(hops[0].weight, 5) << "from nothing: relative to 1 ns";
  EXPECT_EQ(hops[1].name, "end");
  EXPECT_DOUBLE_EQ(hops[1].weight, 0.5);
}

}  // namespace
}  // namespace xive::ledger
