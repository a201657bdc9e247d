// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/presenter/vp_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace xive::ic {
namespace {

using Slot = VpFilter::Slot;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(VpFilter, AscendingAndUnique) {
  VpFilter filter(16);
  const std::uint32_t key = vp_key(3, 0x123);
  EXPECT_THAT(filter.lookup(key), IsEmpty());
  filter.set(9, 1, Slot::Os, key);
  filter.set(2, 7, Slot::Pool, key);
  filter.set(2, 0, Slot::Os, key);
  filter.set(15, 0, Slot::Phys, key);
  EXPECT_THAT(filter.lookup(key), ElementsAre(2, 9, 15));
  filter.set(2, 7, Slot::Pool, VpFilter::kNone);
  EXPECT_THAT(filter.lookup(key), ElementsAre(2, 9, 15)) << "thread 0 of core 2 is still there";
  filter.set(2, 0, Slot::Os, vp_key(3, 0x124));
  EXPECT_THAT(filter.lookup(key), ElementsAre(9, 15));
  EXPECT_THAT(filter.lookup(vp_key(3, 0x124)), ElementsAre(2));
}

TEST(VpFilter, AgreesWithAPlainMapUnderRandomChanges) {
  VpFilter filter(8);
  std::map<std::uint64_t, std::uint32_t> model;
  std::uint64_t seed = 1;
  const auto random = [&seed] {
    seed += 0x9e3779b97f4a7c15;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  };
  for (int i = 0; i < 20000; ++i) {
    const auto core = static_cast<unsigned>(random() % 8);
    const auto thread = static_cast<unsigned>(random() % 8);
    const auto slot = static_cast<Slot>(random() % 4);
    const std::uint32_t key =
        random() % 4 == 0 ? VpFilter::kNone : vp_key(0, static_cast<std::uint32_t>(random() % 20));
    filter.set(core, thread, slot, key);
    model[core * 100U + thread * 10U + static_cast<unsigned>(slot)] = key;
    const auto asked = vp_key(0, static_cast<std::uint32_t>(random() % 20));
    std::set<std::uint32_t> expected;
    for (const auto& [place, held] : model) {
      if (held == asked) expected.insert(static_cast<std::uint32_t>(place / 100));
    }
    const auto found = filter.lookup(asked);
    ASSERT_TRUE(std::equal(found.begin(), found.end(), expected.begin(), expected.end()));
  }
}

class Feed : public testing::Test {
 protected:
  Feed() {
    tima::StaticInputs inputs;
    inputs.blk = 2;
    inputs.pir = {0x205, 0x206};
    feed.configure(inputs);
    event.thread = 1;
    event.after.enabled = true;
  }
  void word2(tima::Ring ring, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) {
      event.after.at(ring, 8 + i) = static_cast<std::uint8_t>(value >> (24U - 8U * i));
    }
  }
  std::size_t found(unsigned blk, std::uint32_t idx) {
    return filter.lookup(vp_key(blk, idx)).size();
  }
  VpFilter filter{4};
  FilterFeed feed{filter, 3, tima::Params{.generation = 1, .threads = 2}};
  tima::Event event;
};

TEST_F(Feed, RingsOfACommittedEvent) {
  word2(tima::Ring::Os, 0x80000000U | 1U << 19U | 0x42);
  word2(tima::Ring::Pool, 0x80000000U | 0x7ffff);
  word2(tima::Ring::Phys, 0x80000000U);
  feed.on_event(event);
  EXPECT_EQ(found(1, 0x42), 1U);
  EXPECT_EQ(found(0, 0x7ffff), 1U);
  EXPECT_EQ(found(2, 0x86), 1U);
  event.kind = tima::EventKind::Enable;
  event.after.enabled = false;
  feed.on_event(event);
  EXPECT_EQ(found(1, 0x42) + found(0, 0x7ffff) + found(2, 0x86), 0U);
}

TEST_F(Feed, CamBit8NeverMatchesSoItIsNoCandidate) {
  word2(tima::Ring::Os, 0x80800042U);
  feed.on_event(event);
  EXPECT_EQ(found(0, 0x42), 0U);
}

TEST_F(Feed, HwLineFollowsTheBlock) {
  word2(tima::Ring::Phys, 0x80000000U);
  feed.on_event(event);
  tima::StaticInputs inputs;
  inputs.blk = 7;
  inputs.pir = {0x205, 0x206};
  feed.configure(inputs);
  EXPECT_EQ(found(2, 0x86), 0U);
  EXPECT_EQ(found(7, 0x86), 1U);
}

TEST_F(Feed, APushIsACandidateFromItsMemoryRequestOn) {
  tima::MemoryRequest request;
  request.thread = 1;
  request.blk = 4;
  request.idx = 0x99;
  feed.on_memory(request, 0);
  EXPECT_EQ(found(4, 0x99), 1U);
  word2(tima::Ring::Os, 0x80000000U | 4U << 19U | 0x99);
  event.kind = tima::EventKind::Present;
  feed.on_event(event);  // another operation of the thread commits first
  EXPECT_EQ(found(4, 0x99), 1U);
  event.kind = tima::EventKind::Mmio;
  feed.on_event(event);
  EXPECT_EQ(found(4, 0x99), 1U);
  word2(tima::Ring::Os, 0);
  feed.on_event(event);
  EXPECT_EQ(found(4, 0x99), 0U);
}

TEST_F(Feed, ResetForgetsTheCore) {
  word2(tima::Ring::Os, 0x80000042U);
  feed.on_event(event);
  event.kind = tima::EventKind::Reset;
  feed.on_event(event);
  EXPECT_EQ(found(0, 0x42), 0U);
}

}  // namespace
}  // namespace xive::ic
