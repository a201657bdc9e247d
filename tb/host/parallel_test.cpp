// SPDX-License-Identifier: Apache-2.0
#include "tb/host/parallel.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace xive::host {
namespace {

TEST(ForEachPiece, TakesEachOnce) {
  std::vector<int> taken(1000);
  for_each_piece(taken.size(), [&](std::size_t i) { ++taken[i]; });
  EXPECT_EQ(taken, std::vector<int>(1000, 1));
  for_each_piece(0, [](std::size_t) { FAIL(); });
}

TEST(ForEachPiece, ThrowsWhatTheFirstByNumberThrows) {
  for (int round = 0; round < 200; ++round) {
    try {
      for_each_piece(100, [](std::size_t i) {
        if (i >= 7) throw std::runtime_error(std::to_string(i));
      });
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "7");
    }
  }
}

}  // namespace
}  // namespace xive::host
