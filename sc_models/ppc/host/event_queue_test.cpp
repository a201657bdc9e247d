// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sc_models/rules/random.h"

namespace xive::ppc::host {
namespace {

std::size_t take(EventQueue& queue) {
  return queue.pop().what;
}

TEST(EventQueue, ByTimeThenByOrder) {
  EventQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next_time(), platform::kNever);
  queue.push({20, 0, 1, 0});
  queue.push({10, 1, 2, 0});
  queue.push({20, 2, 3, 0});
  queue.push({10, 3, 4, 0});
  EXPECT_EQ(queue.next_time(), 10U);
  for (const std::size_t expected : {2U, 4U, 1U, 3U}) EXPECT_EQ(take(queue), expected);
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, EarlierThanWhatIsSortedAlready) {
  EventQueue queue;
  queue.push({platform::kSecond, 0, 1, 0});
  queue.push({2 * platform::kSecond, 1, 2, 0});
  EXPECT_EQ(take(queue), 1U);  // the queue has moved on to 2 s
  queue.push({platform::kSecond + 5, 2, 3, 0});
  queue.push({platform::kSecond + 5, 3, 4, 0});
  queue.push({platform::kSecond + 1, 4, 5, 0});
  for (const std::size_t expected : {5U, 3U, 4U, 2U}) EXPECT_EQ(take(queue), expected);
}

TEST(EventQueue, TwoQueuesWithOneOrder) {
  EventQueue a, b;
  a.push({10, 0, 1, 0});
  EXPECT_TRUE(a.before(b));
  b.push({10, 1, 2, 0});
  EXPECT_TRUE(a.before(b));
  EXPECT_FALSE(b.before(a));
  b.push({9, 2, 3, 0});
  EXPECT_TRUE(b.before(a));
}

// Against an ordered map, with times of every distance: within a bucket, within a wheel, beyond.
TEST(EventQueue, AgreesWithAnOrderedMap) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed, 0);
    EventQueue queue;
    std::map<std::pair<Time, std::uint64_t>, std::size_t> model;
    Time now = 0;
    for (std::uint32_t n = 0; n < 20'000; ++n) {
      if (model.empty() || random.chance(model.size() < 500 ? 55 : 45)) {
        const Time distance = random.below(std::uint64_t{1} << random.below(45));
        queue.push({now + distance, n, n, 0});
        model.emplace(std::pair{now + distance, n}, n);
      } else {
        ASSERT_EQ(queue.next_time(), model.begin()->first.first);
        now = queue.next_time();
        ASSERT_EQ(take(queue), model.begin()->second) << seed << " step " << n;
        model.erase(model.begin());
      }
      ASSERT_EQ(queue.size(), model.size());
    }
  }
}

}  // namespace
}  // namespace xive::ppc::host
