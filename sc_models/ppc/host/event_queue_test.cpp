// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "sc_models/rules/random.h"

namespace xive::ppc::host {
namespace {

std::vector<std::uint32_t> take_all(EventQueue& queue) {
  std::vector<std::uint32_t> all;
  while (!queue.empty()) all.push_back(queue.pop());
  return all;
}

using Order = std::vector<std::uint32_t>;

TEST(EventQueue, ByTimeThenByOrder) {
  EventQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next().time, platform::kNever);
  queue.push({20, 0}, 1);
  queue.push({10, 1}, 2);
  queue.push({20, 2}, 3);
  queue.push({10, 3}, 4);
  EXPECT_EQ(queue.next().time, 10U);
  EXPECT_EQ(queue.next().order, 1U);
  EXPECT_EQ(take_all(queue), (Order{2, 4, 1, 3}));
  EXPECT_EQ(queue.next().time, platform::kNever);
}

// The order decides, not when something was pushed: soon, later and far away.
TEST(EventQueue, TiesWhateverTheDistance) {
  for (const Time time : {Time{700}, 3 * platform::kMicrosecond, 5 * platform::kSecond}) {
    EventQueue queue;
    queue.push({0, 0}, 0);
    for (const std::uint32_t order : {3U, 1U, 4U, 2U}) queue.push({time, order}, order);
    EXPECT_EQ(take_all(queue), (Order{0, 1, 2, 3, 4})) << time;
  }
}

// Within one bucket: at the end, at the front and between, whatever has been taken out or
// cancelled.
TEST(EventQueue, PlacesWithinANanosecond) {
  EventQueue queue;
  std::uint64_t order = 0;
  const auto push = [&](Time time) {
    return queue.push({time, order++}, static_cast<std::uint32_t>(time));
  };
  push(500), push(500);
  push(300), push(300), push(500);
  const EventQueue::Place last = push(700);
  push(100);
  push(600);
  queue.cancel(last);
  push(650);
  push(900);
  EXPECT_EQ(queue.pop(), 100U);
  push(200);
  EXPECT_EQ(take_all(queue), (Order{200, 300, 300, 500, 500, 500, 600, 650, 900}));
  push(950);
  push(940);
  EXPECT_EQ(take_all(queue), (Order{940, 950}));
}

TEST(EventQueue, EarlierThanWhatIsFirst) {
  EventQueue queue;
  queue.push({platform::kSecond, 0}, 1);
  queue.push({2 * platform::kSecond, 1}, 2);
  EXPECT_EQ(queue.pop(), 1U);  // the queue has moved on to 2 s
  queue.push({platform::kSecond + 5, 2}, 3);
  queue.push({platform::kSecond + 5, 3}, 4);
  queue.push({platform::kSecond + 1, 4}, 5);
  EXPECT_EQ(queue.next().time, platform::kSecond + 1);
  EXPECT_EQ(take_all(queue), (Order{5, 3, 4, 2}));
}

TEST(EventQueue, EmptyInBetween) {
  EventQueue queue;
  for (const Time time : {Time{5}, 2 * platform::kMicrosecond, platform::kSecond,
                          platform::kSecond + 1, 3 * platform::kSecond}) {
    queue.push({time, 0}, 1);
    EXPECT_EQ(queue.next().time, time);
    EXPECT_EQ(queue.pop(), 1U);
    EXPECT_TRUE(queue.empty());
  }
}

TEST(EventQueue, TwoQueuesWithOneOrder) {
  EventQueue a, b;
  a.push({10, 0}, 1);
  EXPECT_TRUE(a.next().before(b.next()));
  b.push({10, 1}, 2);
  EXPECT_TRUE(a.next().before(b.next()));
  EXPECT_FALSE(b.next().before(a.next()));
  b.push({9, 2}, 3);
  EXPECT_TRUE(b.next().before(a.next()));
}

TEST(EventQueue, WhatIsCancelledDoesNotHappen) {
  EventQueue queue;
  std::vector<EventQueue::Place> places;
  std::uint32_t n = 0;
  for (const Time time : {Time{1}, Time{2}, Time{3}, 5 * platform::kMicrosecond,
                          6 * platform::kMicrosecond, 7 * platform::kSecond}) {
    places.push_back(queue.push({time, n}, n));
    ++n;
  }
  for (const std::size_t at : {0U, 1U, 3U, 5U}) queue.cancel(places[at]);
  EXPECT_EQ(queue.next().time, 3U);
  EXPECT_EQ(queue.pop(), 2U);
  EXPECT_EQ(queue.next().time, 6 * platform::kMicrosecond);
  EXPECT_EQ(queue.pop(), 4U);
  EXPECT_TRUE(queue.empty()) << "nothing but a cancelled item was left";
  EXPECT_EQ(queue.next().time, platform::kNever);
}

// Against an ordered map, with times of every distance: within a bucket, within a wheel, around it,
// beyond; and on a coarse grid, so that many are due together.
TEST(EventQueue, AgreesWithAnOrderedMap) {
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    Random random(seed, 0);
    EventQueue queue;
    std::map<std::pair<Time, std::uint64_t>, std::pair<std::uint32_t, EventQueue::Place>> model;
    Time now = 0;
    const Time grid = seed % 2 == 0 ? 500 : 1;
    for (std::uint32_t n = 0; n < 20'000; ++n) {
      if (model.empty() || random.chance(model.size() < 500 ? 55 : 40)) {
        const Time distance = random.below(std::uint64_t{1} << random.below(45)) / grid * grid;
        const EventQueue::Place place = queue.push({now + distance, n}, n);
        model.emplace(std::pair{now + distance, n}, std::pair{n, place});
      } else if (random.chance(20)) {
        const auto item = std::next(
            model.begin(),
            static_cast<std::ptrdiff_t>(random.below(std::min<std::size_t>(model.size(), 20))));
        queue.cancel(item->second.second);
        model.erase(item);
      } else {
        ASSERT_EQ(queue.next().time, model.begin()->first.first);
        ASSERT_EQ(queue.next().order, model.begin()->first.second);
        now = queue.next().time;
        ASSERT_EQ(queue.pop(), model.begin()->second.first) << seed << " step " << n;
        model.erase(model.begin());
      }
      ASSERT_EQ(queue.empty(), model.empty());
    }
  }
}

}  // namespace
}  // namespace xive::ppc::host
