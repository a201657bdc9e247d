// SPDX-License-Identifier: Apache-2.0
#include "tb/host/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace xive::host {
namespace {

TEST(ForEachPiece, TakesEachOnce) {
  std::vector<int> taken(1000);
  for_each_piece(taken.size(), [&](std::size_t i) { ++taken[i]; });
  EXPECT_EQ(taken, std::vector<int>(1000, 1));
  for_each_piece(0, [](std::size_t) { FAIL(); });
}

TEST(ForEachPiece, NeverMoreAtOnceThanAsked) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  for_each_piece(
      60,
      [&](std::size_t) {
        const int now = ++running;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        --running;
      },
      3);
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
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
